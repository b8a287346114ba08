import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type SheetFile, withPrivateCopy } from '../../../src/catalogue/import/private-copy.ts'
import { makeTempDir, type TempDir } from '../../support/program.ts'

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir.remove())

const at = (name: string) => path.join(dir.path, name)
const write = (name: string, text = 'title,image') => {
  mkdirSync(path.dirname(at(name)), { recursive: true })
  writeFileSync(at(name), text)
  return at(name)
}
const taken = (file: string) => withPrivateCopy(file, async () => 'read')

it('what is read stays the same when the file is changed, and is deleted afterwards', async () => {
  const file = write('offers.CSV', 'before')
  const copied: SheetFile[] = []
  await withPrivateCopy(file, async sheet => {
    copied.push(sheet)
    writeFileSync(file, 'after')
    expect(readFileSync(sheet.file, 'utf8')).toBe('before')
    expect(sheet.folder).toBe(dir.path)
  })
  expect(copied.map(({ file: copy }) => existsSync(copy))).toEqual([false])
})

it.each(['id_rsa', 'notes.txt', 'old.xls', 'sheet.csv.txt', 'passwords.db'])('%s is not a sheet', async name => {
  await expect(taken(write(name))).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('is not named like a sheet'),
  })
})

it.each(['.offers.csv', '.config/offers.csv', 'a/.git/b/offers.csv'])('%s is hidden', async name => {
  await expect(taken(write(name))).rejects.toThrow(/is a hidden file, or lies in a hidden folder/)
})

it.skipIf(process.platform === 'win32')('a link reaches no file that may not be named', async () => {
  symlinkSync(write('.ssh/config.csv'), at('offers.csv'))
  symlinkSync(write('shadow'), at('other.csv'))
  await expect(taken(at('offers.csv'))).rejects.toThrow(/hidden/)
  await expect(taken(at('other.csv'))).rejects.toThrow(/not named like a sheet/)
  symlinkSync(at('nowhere'), at('lost.csv'))
  await expect(taken(at('lost.csv'))).rejects.toMatchObject({ code: 'invalid_input' })
})

it.skipIf(process.platform === 'win32')('a folder and a pipe are not sheets, and nothing waits for them', async () => {
  mkdirSync(at('folder.csv'))
  execFileSync('mkfifo', [at('pipe.csv')])
  await expect(taken(at('folder.csv'))).rejects.toThrow('not a regular file')
  await expect(taken(at('pipe.csv'))).rejects.toThrow('not a regular file')
})
