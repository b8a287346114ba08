/** Prices for a carton, a dozen or a set become prices by the piece where it is known how many there are, and only there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-packs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function readRow(header: string, row: string) {
  const file = path.join(folder, 'sheet.csv')
  writeFileSync(file, `title,image,${header}\nMask,https://cbu01.alicdn.com/a.jpg,${row}\n`)
  for await (const read of (await openImportFile(file, DRY_IMPORT)).rows) return read
  throw new Error('no row')
}

test.each([
  ['price', '24.00/打', '2', 'dozen', 12, '24.00'],
  ['price', '24 per dozen', '2', 'dozen', 12, '24'],
  ['price', '120/箱(24件)', '5', 'carton', 24, '120'],
  ['price', '9 per set of 3', '3', 'set', 3, '9'],
  ['price', '12.50/100pcs', '0.125', 'pack', 100, '12.50'],
  ['price,unit', '24,dozen', '2', 'dozen', 12, '24'],
  ['price,unit', '10,carton (48 pcs)', '0.208333', 'carton', 48, '10'],
  ['price,unit,pcs/ctn', '480,箱,48pcs', '10', 'carton', 48, '480'],
  ['Price per carton,Qty/ctn', '480,48', '10', 'carton', 48, '480'],
  ['Price/dozen', '36', '3', 'dozen', 12, '36'],
  ['Price,Price unit', '24,per dozen', '2', 'dozen', 12, '24'],
])('%s: %s is %s by the piece', async (header, row, price, name, units, whole) => {
  expect(await readRow(header, row)).toMatchObject({
    offer: { price: { text: price }, unit: '件', pack: { name, units, price: whole } },
    notes: [],
  })
})

test.each([
  ['price,pcs/ctn', '2.85,48', '2.85'],
  ['price,unit', '9,套', '9'],
  ['price', '2.85/件', '2.85'],
  ['price', '12.50/pcs', '12.50'],
  ['price,unit', '2.85,pcs', '2.85'],
  ['Price/Unit', '2.85', '2.85'],
])('%s: %s is for one as it is sold', async (header, row, price) => {
  expect(await readRow(header, row)).toMatchObject({ offer: { price: { text: price }, pack: null }, notes: [] })
})

it('keeps the price of a carton of unknown size for the carton, and says so', async () => {
  expect(await readRow('price', '120/箱')).toMatchObject({
    offer: { price: { text: '120' }, unit: 'carton', pack: null },
    notes: ['The price is for a carton of unknown size, so it is kept for the carton.'],
  })
})

test.each([
  ['price,moq', '24/打,100件', 100],
  ['price,moq', '24/打,5打', 60],
  ['price,unit,moq', '120,carton of 24,5', 120],
  ['price,moq', '120/箱(24件),5箱', 120],
])('%s: %s is a minimum of %i pieces', async (header, row, moq) => {
  expect(await readRow(header, row)).toMatchObject({ offer: { moq }, notes: [] })
})

it('reads what a minimum counts in a column of its own', async () => {
  const read = (row: string) => readRow('price,moq,MOQ unit,pcs/ctn', row)
  expect(await read('2.85,5,ctn,24')).toMatchObject({ offer: { moq: 120 }, notes: [] })
  expect(await read('2.85,5,lots,24')).toMatchObject({
    offer: { moq: null },
    notes: ['Minimum order unknown: its unit is not known: "lots".'],
  })
})

it('does not guess whether a bare minimum counts pieces or packs', async () => {
  expect(await readRow('price,moq', '24/打,100')).toMatchObject({
    offer: { moq: null },
    notes: ['Minimum order unknown: "100" may be pieces or dozens.'],
  })
})

it.each([
  ['Price (USD),unit', '$24,dozen'],
  ['Price,Price unit', '24,USD/dozen'],
])('converts a price for a dozen in dollars, and keeps what was quoted: %s', async (header, row) => {
  expect(await readRow(header, row)).toMatchObject({
    offer: { price: null, quoted: { text: '24', currency: 'USD' }, pack: { units: 12, price: '24' } },
  })
})
