/** Pictures that lie inside a spreadsheet become the pictures of the rows that show them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { createKeptPictures } from '../../../src/pictures/kept-pictures.ts'
import { sheetWithPictures } from '../../support/xlsx-parts.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-sheet-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Only the first bytes decide what is kept; what cannot be decoded shows later. */
const jpeg = (name: string) => Buffer.from(`\xff\xd8\xff${name}`, 'latin1')
const MEDIA = { a: jpeg('a'), b: jpeg('b'), c: jpeg('c'), text: Buffer.from('not a picture') }

/** @param at where pictures float, counted from 0. */
function sheetOf(
  rows: readonly string[][],
  at: readonly (readonly [name: keyof typeof MEDIA, column: number, row: number])[],
) {
  return sheetWithPictures(
    rows,
    at.map(([name, column, row]) => ({ bytes: MEDIA[name], column, row })),
  )
}

async function read(sheet: Buffer, keep: 'keep' | 'addressOf' = 'keep') {
  const file = path.join(folder, 'offers.xlsx')
  writeFileSync(file, sheet)
  const kept = createKeptPictures(path.join(folder, 'data'))
  const rows = []
  for await (const row of (await openImportFile(file, { keepPicture: kept[keep], isKept: kept.isKept })).rows)
    rows.push(row)
  return rows
}

const bytesAt = (address: string | null | undefined) => readFileSync(fileURLToPath(address ?? ''))

it('keeps the pictures of each row, the one in the column of pictures first', async () => {
  const [mask, cup] = await read(
    sheetOf(
      [
        ['title', 'image', 'price', 'note'],
        ['Mask', '', '2.85', ''],
        ['Cup', 'https://cbu01.alicdn.com/cup.jpg', '12', ''],
      ],
      [
        ['a', 3, 1],
        ['b', 1, 1],
        ['b', 1, 1],
        ['c', 0, 2],
      ],
    ),
  )
  if (!(mask && 'offer' in mask && cup && 'offer' in cup)) throw new Error('left out')
  expect([mask.offer.imageUrl, ...(mask.offer.photos ?? [])].map(bytesAt)).toEqual([MEDIA.b, MEDIA.a])
  expect(cup.offer.imageUrl).toBe('https://cbu01.alicdn.com/cup.jpg')
  expect(cup.offer.photos?.map(bytesAt)).toEqual([MEDIA.c])
})

it('needs no column of pictures where pictures float below the header', async () => {
  const rows = await read(
    sheetOf(
      [['Price list'], ['Product', 'Unit price'], ['Mask', '2.85'], ['Cup', '12']],
      [
        ['a', 2, 2],
        ['b', 2, 3],
      ],
    ),
  )
  expect(rows).toMatchObject([
    { offer: { title: 'Mask', price: { min: 2.85 } } },
    { offer: { title: 'Cup', price: { min: 12 } } },
  ])
  const logoOnly = read(sheetOf([['Price list'], ['Product', 'Unit price'], ['Mask', '2.85']], [['a', 2, 0]]))
  await expect(logoOnly).rejects.toMatchObject({ code: 'invalid_input' })
})

it('says in which row a picture is none, and takes another one of the row', async () => {
  const rows = await read(
    sheetOf(
      [
        ['title', 'image'],
        ['Mask', ''],
        ['Cup', ''],
        ['Plate', ''],
      ],
      [
        ['text', 1, 1],
        ['text', 1, 2],
        ['a', 1, 2],
      ],
    ),
  )
  const problem = 'A picture could not be read: The file is text, which is not supported.'
  expect(rows).toMatchObject([
    { line: 2, reason: problem },
    { line: 3, notes: [problem] },
    { line: 4, reason: 'No picture.' },
  ])
})

it('gives offers the same IDs and addresses each time, and writes nothing when it is only tried', async () => {
  const sheet = sheetOf([['title', 'image'], ['Mask']], [['c', 1, 1]])
  const before = readdirSync(path.join(folder, 'data', 'sheet-pictures'))
  const tried = await read(sheet, 'addressOf')
  rmSync(path.join(folder, 'data', 'sheet-pictures'), { recursive: true })
  expect(await read(sheet)).toEqual(tried)
  expect(before).toContain(readdirSync(path.join(folder, 'data', 'sheet-pictures'))[0])
})
