import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

const PICTURE = 'https://cbu01.alicdn.com/a.jpg'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-import-'))
  writeFileSync(path.join(folder, 'cup 1.jpg'), 'a picture')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The photos of each row, or why it was rejected. */
async function photosIn(content: string, name: string) {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  const photos: (readonly string[] | string | undefined)[] = []
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) {
    photos.push('offer' in row ? row.offer.photos : row.reason)
    if ('offer' in row) expect(row.offer.imageUrl).toBe(PICTURE)
  }
  return photos
}

const address = (name: string) => `https://cbu01.alicdn.com/${name}.jpg`

it('up to five further pictures of a row are kept, from its cell and from columns of their own', async () => {
  const many = [PICTURE, ...[...'bcdefgh'].map(address)].join(', ')
  const sheet = [
    'title,image,图片2,picture_url_3,image 6',
    `a,${PICTURE},${address('b')},,cup 1.jpg`,
    `b,"${many}",${address('z')},,`,
    `c,${PICTURE},${PICTURE},,`,
    `d,${PICTURE},no such file.jpg,,`,
  ]
  const local = pathToFileURL(path.join(folder, 'cup 1.jpg')).href
  expect(await photosIn(sheet.join('\n'), 'offers.csv')).toEqual([
    [address('b'), local],
    [...'bcdef'].map(address),
    undefined,
    undefined,
  ])
  const line = JSON.stringify({ title: 'e', images: [PICTURE, address('b')] })
  expect(await photosIn(line, 'offers.jsonl')).toEqual([[address('b')]])
})
