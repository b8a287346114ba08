import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { findPictureFile } from '../../../src/catalogue/import/picture-file.ts'

const top = mkdtempSync(path.join(tmpdir(), 'mcp-1688-picture-file-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

const folder = path.join(top, 'sheet')
const inside = path.join(folder, 'photos', 'cup 1.jpg')
const secret = path.join(top, 'secret.jpg')
mkdirSync(path.dirname(inside), { recursive: true })
mkdirSync(path.join(top, 'sheet-2'))
for (const file of [inside, secret, path.join(top, 'sheet-2', 'a.jpg')]) writeFileSync(file, 'a picture')
symlinkSync(secret, path.join(folder, 'link-out.jpg'))
symlinkSync(top, path.join(folder, 'up'))
symlinkSync(inside, path.join(folder, 'link-in.jpg'))
symlinkSync(folder, path.join(top, 'linked-folder'))

const local = pathToFileURL(inside).href

describe('a picture file that a sheet names', () => {
  it.each(['photos/cup 1.jpg', 'photos\\cup 1.jpg', './photos/../photos/cup 1.jpg', 'link-in.jpg', local])(
    'is found in the folder: %s',
    async text => {
      expect(await findPictureFile(text, folder)).toBe(local)
    },
  )

  it('is found in a folder that is itself a link', async () => {
    expect(await findPictureFile('photos/cup 1.jpg', path.join(top, 'linked-folder'))).toBe(local)
  })

  it.each([
    secret,
    inside,
    '../secret.jpg',
    '..\\secret.jpg',
    'photos/../../secret.jpg',
    '../sheet-2/a.jpg',
    '..',
    '.',
    'link-out.jpg',
    'up/secret.jpg',
    pathToFileURL(secret).href,
    `file:${secret}`,
    `file://localhost${secret}`,
    local.replace('/sheet/', '/sheet/%2e%2e/'),
    'file://host/share/a.jpg',
    'FILE:\\\\host\\share\\a.jpg',
    'file:',
    '\\\\host\\share\\a.jpg',
    '\\/host/share/a.jpg',
    '\\\\?\\C:\\a.jpg',
    '\\\\.\\pipe\\x',
    '\\a.jpg',
    'C:\\Users\\a.jpg',
    'c:a.jpg',
  ])('is refused outside the folder: %s', async text => {
    await expect(findPictureFile(text, folder)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Picture file outside the folder of the pictures: '),
    })
  })

  it.each(['missing.jpg', 'photos', 'photos/cup 1.jpg/x', 'a\0.jpg', 'a'.repeat(5000)])(
    'must be a regular file: %.12s',
    async text => {
      await expect(findPictureFile(text, folder)).rejects.toMatchObject({
        message: expect.stringContaining('Picture file not found: '),
      })
    },
  )
})
