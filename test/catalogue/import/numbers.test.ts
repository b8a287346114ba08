import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import writeExcel, { type SheetData } from 'write-excel-file/node'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'

const PICTURE = 'https://cbu01.alicdn.com/a.jpg'
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-numbers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(file: string) {
  const rows = []
  for await (const row of (await openImportFile(file)).rows) rows.push(row)
  return rows
}

it('reads decimal commas in a file whose cells are separated by semicolons', async () => {
  const file = path.join(folder, 'semicolons.csv')
  writeFileSync(file, `title;price;moq;image\ncup;25,5;1,000;${PICTURE}\nmug;2;1,5;${PICTURE}\n`)
  expect(await read(file)).toMatchObject([
    { offer: { price: { min: 25.5, max: 25.5 }, moq: 1000 } },
    { line: 3, reason: 'Not a valid minimum order quantity: "1,5" (expected a whole number).' },
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
