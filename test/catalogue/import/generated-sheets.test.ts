/** Sheets made at random, as buyers have them: each value is read as it was meant, or is unknown and reported. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'
import { textRow, workbookOf } from '../../support/xlsx-parts.ts'

/** With other seeds 1,200 were read without a wrong value. */
const SHEETS = 30

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-generated-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const HEADERS = {
  title: ['title', 'Product Name', '品名', '商品名称', '商品名稱', 'Название'],
  price: ['price', 'Unit Price (RMB)', '单价（元）', '批發價', 'Unit Cost', 'Price per piece'],
  moq: ['MOQ', 'Min. Order', '起订量', '最小起訂量', 'Minimum order quantity'],
  image: ['image', 'Picture URL', '图片链接', '主圖', 'Фото'],
}

type Write = (value: number) => string
const grouped = (value: number, group: string, decimal: string) => {
  const [whole = '', fraction = ''] = value.toFixed(2).split('.')
  return `${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, group)}${decimal}${fraction}`
}
/** The habit of a whole sheet. */
const PRICES: readonly Write[] = [
  value => value.toFixed(2),
  value => `¥${value.toFixed(2)}`,
  value => `${value.toFixed(2)}元/件`,
  value => `${value.toFixed(2)}/pcs`,
  value => `RMB ${grouped(value, ',', '.')}`,
  value => grouped(value, '.', ','),
  value => grouped(value, ' ', ','),
]
const QUANTITIES: readonly Write[] = [
  value => String(value),
  value => `≥${value}`,
  value => `${value}件起批`,
  value => `${value} pcs`,
  value => (value % 1000 === 0 ? `${value / 1000}K` : String(value)),
  value => (value % 12 === 0 ? `${value / 12}打` : String(value)),
]

const row = fc.record({
  title: fc.constantFrom('Mask', '不锈钢保温杯', 'Термос', 'Cup; "large"', 'Teller, weiß', '=1+1'),
  fen: fc.oneof(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1000, max: 99_999_999 })),
  moq: fc.oneof(
    fc.integer({ min: 1, max: 999 }),
    fc.integer({ min: 1, max: 90 }).map(n => n * 1000),
  ),
})
const sheet = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 6 }),
  names: fc.record({
    title: fc.constantFrom(...HEADERS.title),
    price: fc.constantFrom(...HEADERS.price),
    moq: fc.constantFrom(...HEADERS.moq),
    image: fc.constantFrom(...HEADERS.image),
  }),
  order: fc.shuffledSubarray(['title', 'price', 'moq', 'image', 'note'] as const, { minLength: 5 }),
  above: fc.array(fc.constantFrom('', 'Price list 2026', '报价单'), { maxLength: 3 }),
  price: fc.constantFrom(...PRICES),
  quantity: fc.constantFrom(...QUANTITIES),
  kind: fc.constantFrom('utf-8', 'bom', 'utf-16le', 'semicolon', 'tab', 'xlsx'),
})

type GeneratedSheet = typeof sheet extends fc.Arbitrary<infer Value> ? Value : never

function linesOf({ rows, names, order, above, price, quantity }: GeneratedSheet): string[][] {
  const headers = { ...names, note: 'Remark' }
  const lines = rows.map(({ title, fen, moq }, index) => {
    const image = `https://cbu01.alicdn.com/img/${index}.jpg`
    const values = { title, price: price(fen / 100), moq: quantity(moq), image, note: '' }
    return order.map(name => values[name])
  })
  return [...above.map(text => [text]), order.map(name => headers[name]), ...lines]
}

function fileOf(made: GeneratedSheet): Buffer {
  const lines = linesOf(made)
  if (made.kind === 'xlsx') {
    const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
    const rows = lines.map((cells, index) => textRow(index + 1, cells.map(escaped)))
    return workbookOf([{ name: 'Offers', xml: `<sheetData>${rows.join('')}</sheetData>` }])
  }
  const delimiter = made.kind === 'semicolon' ? ';' : made.kind === 'tab' ? '\t' : ','
  const cell = (text: string) => (/[",;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const text = lines.map(cells => cells.map(cell).join(delimiter)).join('\r\n')
  if (made.kind === 'utf-16le') return Buffer.from(`\uFEFF${text}`, 'utf16le')
  return Buffer.from(made.kind === 'bom' ? `\uFEFF${text}` : text)
}

it('a sheet made at random is read exactly, or what is unknown of it is reported', async () => {
  await fc.assert(
    fc.asyncProperty(sheet, async made => {
      const file = path.join(folder, made.kind === 'xlsx' ? 'sheet.xlsx' : 'sheet.csv')
      writeFileSync(file, fileOf(made))
      const read = []
      for await (const each of (await openImportFile(file, DRY_IMPORT)).rows) read.push(each)
      expect(read).toHaveLength(made.rows.length)
      for (const [index, each] of read.entries()) {
        const meant = made.rows[index]
        if (!('offer' in each)) throw new Error(each.reason)
        const { title, price, moq, imageUrl } = each.offer
        expect([title, imageUrl]).toEqual([meant?.title, `https://cbu01.alicdn.com/img/${index}.jpg`])
        const isReported = (what: string) => each.notes.some(note => note.startsWith(`${what} unknown`))
        if (!isReported('Price')) expect(price?.min).toBe((meant?.fen ?? 0) / 100)
        if (!isReported('Minimum order')) expect(moq).toBe(meant?.moq)
        expect(price?.min === undefined).toBe(isReported('Price'))
      }
    }),
    { numRuns: SHEETS, seed: 30 },
  )
})
