import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { saveFile } from '../../src/cli/out-file.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { testOn } from '../support/test-on.ts'

let dir: TempDir
let file: string
beforeEach(() => {
  dir = makeTempDir()
  file = path.join(dir.path, 'offers.csv')
})
afterEach(() => dir.remove())

it('leaves only the old file if writing stops in the middle', async () => {
  async function* pieces() {
    yield 'half of it'
    throw new TypeError('a bug')
  }
  await expect(saveFile(file, pieces())).rejects.toThrow(new TypeError('a bug'))
  expect(readdirSync(dir.path)).toEqual([])
  writeFileSync(file, 'of yesterday')
  await expect(saveFile(file, pieces())).rejects.toThrow(TypeError)
  await expect(saveFile(file, 'whole', AbortSignal.abort())).rejects.toThrow('aborted')
  expect(readdirSync(dir.path)).toEqual(['offers.csv'])
  expect(readFileSync(file, 'utf8')).toBe('of yesterday')
})

it('replaces what a link points to, and not the link', async () => {
  writeFileSync(file, 'of yesterday')
  const link = path.join(dir.path, 'link.csv')
  symlinkSync(file, link)
  await saveFile(link, 'of today')
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe('of today')
})

testOn(['linux'], 'says that the disk is full', async () => {
  await expect(saveFile('/dev/full', 'x')).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'Could not write /dev/full: the disk or your quota is full.',
  })
  expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true)
})
