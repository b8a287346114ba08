import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, ROOT, serverCommand, type TempDir } from '../support/program.ts'

/** Needs `script` of util-linux; that of BSD has other flags. */
function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}

describe.skipIf(!hasScript())('in a terminal (skipped if script of util-linux is not installed)', () => {
  let dir: TempDir
  beforeAll(() => {
    dir = makeTempDir()
  })
  afterAll(() => dir.remove())

  /** Output in a terminal of 70 columns; stderr only on request. */
  async function show(args: string[], env: Record<string, string> = {}, told = '2>/dev/null'): Promise<string> {
    const server = serverCommand(dir.path, { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env })
    const line = [server.command, ...server.args, ...args].map(word => `'${word}'`).join(' ')
    const script = ['-qec', `stty cols 70; ${line} ${told}`, '/dev/null']
    const running = promisify(execFile)('script', script, { env: server.env, maxBuffer: 1e7 })
    running.child.stdin?.end()
    return (await running).stdout.replaceAll('\r\n', '\n')
  }

  it('a search is an aligned table, in colours unless NO_COLOR', async () => {
    const coloured = await show(['search', DEMO_PHOTO, '--page-size', '3'])
    expect(coloured).toMatch(/\u001B\[1moffer_id {2,}similarity {2,}price CNY {2,}city {2,}title/)
    const plain = await show(['search', '--keyword', '杯', '--page-size', '3'], { NO_COLOR: '1' })
    expect(plain).not.toContain('\u001B')
    expect(plain).toMatch(/\n10\d{3} {2,}[\d.-]+ {2,}\S+市 {2,}\S+/)
  })

  it('a comparison is a table, and says what was left out for lack of room', async () => {
    const compared = await show(['compare', '10001', '10002', '--quantity', '60'], { NO_COLOR: '1' })
    expect(compared).toMatch(/\n10002 {2,}28\.60 {2,}60 个 {2,}1716\.00/)
    expect(compared).toMatch(/\nno room for: .*shop.*\s+or --json/)
  })

  it('pictures of the first offers follow the table, in the protocol of the terminal', async () => {
    const search = ['search', DEMO_PHOTO, '--page-size', '2']
    const kitty = await show(search, { KITTY_WINDOW_ID: '1' })
    expect(kitty.match(/\u001B_Ga=T,f=100/g)).toHaveLength(2)
    expect(kitty).toMatch(/\u001B\[8B10\d{3} +10\d{3}\n$/)
    expect(await show([...search, '--no-pictures'], { KITTY_WINDOW_ID: '1' })).not.toContain('\u001B_G')
    expect(await show([...search, '--json'], { KITTY_WINDOW_ID: '1' })).not.toContain('\u001B')
  })

  // Last, because the sample offers are not shown beside imported ones.
  it('an import draws a progress bar and removes it', async () => {
    const csv = path.join(dir.path, 'mine.csv')
    writeFileSync(csv, 'title,image\nbuilding,building.webp\n')
    const shown = await show(
      ['catalogue', 'import', csv, '--pictures', path.join(ROOT, 'test/fixtures/unknown')],
      {},
      '',
    )
    expect(shown).toMatch(/█+░* pictures compared: \d+/)
    expect(shown).toMatch(/\u001B\[2KThe pictures of \d+ of \d+ offers? are ready to compare\.\n$/)
  })
})
