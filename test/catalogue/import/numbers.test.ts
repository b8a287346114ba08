import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import writeExcel, { type SheetData } from 'write-excel-file/node'
import { parseMapping } from '../../../src/catalogue/import/columns/mapping.ts'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { createFindRate } from '../../../src/catalogue/import/rates.ts'
import { isOwnId } from '../../../src/offers/id/own-id.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

const PICTURE = 'https://cbu01.alicdn.com/a.jpg'
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-numbers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(file: string) {
  const rows = []
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) rows.push(row)
  return rows
}

it('reads decimal commas in a file whose cells are separated by semicolons', async () => {
  const file = path.join(folder, 'semicolons.csv')
  writeFileSync(file, `title;price;moq;image\ncup;25,5;1,000;${PICTURE}\nmug;2;1,5;${PICTURE}\n`)
  expect(await read(file)).toMatchObject([
    { offer: { price: { min: 25.5, max: 25.5 }, moq: 1000 } },
    { offer: { moq: null }, notes: ['Minimum order unknown: it could not be read: "1,5" (expected a whole number).'] },
  ])
})

it('accepts a price computed by a formula', async () => {
  const file = path.join(folder, 'computed.xlsx')
  const sheet: SheetData = [
    ['title', 'price', 'image'],
    ['cup', 0.1 + 0.2, PICTURE],
    ['mug', 10 / 3, PICTURE],
  ]
  await writeExcel(sheet).toFile(file)
  expect(await read(file)).toMatchObject([
    { offer: { price: { text: '0.3' } } },
    { offer: { price: { text: '3.3333' } } },
  ])
})

const rate = (currency: string, cny: number) =>
  createFindRate({ [currency]: cny }, { find: async () => null }, new AbortController().signal)

async function importOf(text: string, options = {}) {
  const file = path.join(folder, 'sheet.csv')
  writeFileSync(file, text)
  const rows = []
  for await (const row of (await openImportFile(file, { ...DRY_IMPORT, ...options })).rows) rows.push(row)
  return rows
}

it('reads a sheet with decimal commas as a whole: its points group thousands', async () => {
  expect(
    await importOf(`title;price;moq;image\nMask;1.234,56;1.000;${PICTURE}\nCup;12,50;2.500;${PICTURE}\n`),
  ).toMatchObject([
    { offer: { price: { min: 1234.56 }, moq: 1000 }, notes: [] },
    { offer: { price: { min: 12.5 }, moq: 2500 }, notes: [] },
  ])
})

it.each([
  ['the name of the column', 'title,Price (USD),image', `Mask,1.20,${PICTURE}`],
  ['its Chinese name', '标题,价格（美元）,图片', `口罩,1.20,${PICTURE}`],
  ['a column of its own', 'title,price,currency,image', `Mask,1.20,USD,${PICTURE}`],
  ['a sign', 'title,price,image', `Mask,$1.20,${PICTURE}`],
])('keeps a currency that %s says, and converts it only by a rate that the user gives', async (_where, head, row) => {
  const text = `${head}\n${row}\n`
  const quoted = { text: '1.20', currency: 'USD' }
  expect(await importOf(text)).toMatchObject([{ offer: { price: null, quoted }, notes: [] }])
  const converted = { text: '8.52', min: 8.52, max: 8.52 }
  expect(await importOf(text, { findRate: rate('USD', 7.1) })).toMatchObject([{ offer: { price: converted, quoted } }])
  expect(await importOf(text, { findRate: rate('EUR', 7.8) })).toMatchObject([{ offer: { price: null, quoted } }])
})

it('takes the price in CNY where a sheet has both', async () => {
  const text = `title,Price (USD),Price (RMB),image\nMask,1.20,8.50,${PICTURE}\n`
  expect(await importOf(text)).toMatchObject([{ offer: { price: { text: '8.50' }, quoted: null } }])
})

it('takes columns as the user maps them', async () => {
  const text = `Article,How much,Look,Price\nMask,2.85,${PICTURE},9\n`
  const mapping = parseMapping('Article=title; How much=price;Look = image')
  expect(await importOf(text, { mapping })).toMatchObject([{ offer: { title: 'Mask', price: { text: '2.85' } } }])
  const two = `title,Cost (USD),Cost (RMB),image\nMask,2,14,${PICTURE}\n`
  expect(await importOf(two, { mapping: parseMapping('cost (rmb)=price') })).toMatchObject([
    { offer: { price: { text: '14' } } },
  ])
  const steps = `title,100pcs,500pcs,Look\nMask,3,2,${PICTURE}\n`
  expect(await importOf(steps, { mapping: parseMapping('Look=image') })).toMatchObject([
    { offer: { price: { text: '2-3' } } },
  ])
  await expect(importOf(two, { mapping: parseMapping('Cots=price') })).rejects.toMatchObject({
    message: 'The sheet has no column "Cots", which map names.',
    hint: 'Its columns: "title", "Cost (USD)", "Cost (RMB)", "image".',
  })
  expect(() => parseMapping('Look=piture')).toThrow('"Look=piture" does not say which column is which field.')
})

it('reads numbers that an apostrophe keeps text, and no number of a list', async () => {
  expect(await importOf(`title,price,moq,image\nMask,'2.85,’100,${PICTURE}\n`)).toMatchObject([
    { offer: { price: { text: '2.85' }, moq: 100 }, notes: [] },
  ])
  const nested = { title: 'Mask', price: [2, 3], moq: { min: 2 }, image: PICTURE }
  expect(await importOf(JSON.stringify(nested))).toMatchObject([
    { offer: { price: null, moq: null }, notes: [expect.stringContaining('a list or an object'), expect.anything()] },
  ])
})

it('keeps a row whose offer ID cannot be read, under an ID of its own', async () => {
  const rows = await importOf(
    `id,title,image\n"791,912,182,270",a,${PICTURE}\n7.91912E+11,b,${PICTURE}\nABC-123,c,${PICTURE}\n0,d,${PICTURE}\n`,
  )
  expect(rows.map(row => ('offer' in row ? [isOwnId(row.offer.offerId), row.notes.length] : row.reason))).toEqual([
    [false, 0],
    [true, 1],
    [true, 1],
    [true, 0],
  ])
})
