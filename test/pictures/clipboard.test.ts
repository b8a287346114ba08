import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClipboardOptions } from '../../src/pictures/clipboard.ts'
import { createPictureReader } from '../../src/pictures/reader.ts'

let folder: string
let png: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clipboard-'))
  png = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#a33' } })
    .png()
    .toBuffer()
  await writeFile(join(folder, 'picture.png'), png)
})
afterAll(() => rm(folder, { recursive: true }))

/** Stands in for a program of the system: it records its arguments and environment. */
async function install(name: string, script: string) {
  const program = join(folder, name)
  await writeFile(program, `#!/bin/sh\necho "$@" > ${folder}/arguments\nenv > ${folder}/environment\n${script}\n`)
  await chmod(program, 0o755)
}

const read = (options: Partial<ClipboardOptions> | null, allowFiles = true) =>
  createPictureReader({
    sampleDir: 'none',
    allowFiles,
    clipboard: options === null ? undefined : { platform: 'linux', env: {}, folders: [folder], ...options },
  }).read('clipboard')

describe('the clipboard', () => {
  it.each([
    ['wl-paste', { platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' } }],
    ['xclip', { platform: 'linux', env: { DISPLAY: ':0', SECRET: 'key' } }],
    ['powershell.exe', { platform: 'win32', env: {} }],
  ] as const)('is read by %s', async (name, options) => {
    await install(name, `cat ${folder}/picture.png`)
    const { bytes, label, url } = await read(options)
    expect(Buffer.from(bytes)).toEqual(png)
    expect([label, url]).toEqual(['picture from the clipboard, 1200 x 900', null])
    expect(await readFile(join(folder, 'arguments'), 'utf8')).toMatch(/image\/png|GetImage/)
    expect(await readFile(join(folder, 'environment'), 'utf8')).not.toContain('SECRET')
  })

  it('of a Mac is read from the digits that osascript prints', async () => {
    await install(
      'osascript',
      `printf '«data PNGf%s»\\n' "$(od -An -v -tx1 ${folder}/picture.png | tr -d ' \\n' | tr a-f A-F)"`,
    )
    expect(Buffer.from((await read({ platform: 'darwin' })).bytes)).toEqual(png)
  })

  it.each(['exit 1', 'true'])('without a picture is reported (%s)', async script => {
    await install('xclip', script)
    await expect(read({ env: { DISPLAY: ':0' } })).rejects.toMatchObject({
      code: 'picture_unreachable',
      message: 'The clipboard contains no picture.',
    })
  })

  it('that does not answer is given up', async () => {
    await install('xclip', 'exec tail -f /dev/null')
    await expect(read({ env: { DISPLAY: ':0' } })).rejects.toMatchObject({
      message: 'The clipboard did not answer within 3 seconds.',
      retryable: true,
    })
  })

  it('without a program or a display is reported', async () => {
    await expect(read({ env: { DISPLAY: ':0' }, folders: ['/nowhere'] })).rejects.toMatchObject({
      message: 'xclip is not installed, which reads the clipboard.',
    })
    await expect(read({ env: {} })).rejects.toMatchObject({ message: /no display is set/ })
  })

  it('is not read over HTTP, nor where it is turned off', async () => {
    const on = { env: { DISPLAY: ':0' } }
    await expect(read(on, false)).rejects.toMatchObject({ code: 'picture_refused', message: /not over HTTP/ })
    await expect(read(null)).rejects.toMatchObject({ code: 'picture_refused', message: /MCP1688_CLIPBOARD=off/ })
  })
})
