/** Reads the products to look for from a sheet, or from the pictures of a folder. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { type ColumnUse, mapColumns } from '../../../catalogue/import/columns/columns.ts'
import { findPictureFile } from '../../../catalogue/import/picture-file.ts'
import { invalidInput } from '../../../errors.ts'
import { quoted } from '../../../offers/text.ts'
import { openTable } from '../../../sheets/read/open-table.ts'
import type { Cell, Sheet } from '../../../sheets/read/table.ts'
import type { WantedProduct } from '../../../use-cases/buying/source-many.ts'

const PICTURE = /\.(?:jpe?g|png|webp|gif|avif|heic|heif|bmp|tiff?)$/i

/** Column names for the units of a product, and for words to search by. */
const QUANTITY = /^(?:quantity|qty|units|pcs|数量|采购数量|數量)$/i
const WORDS = /^(?:keyword|keywords|words|query|关键词|搜索词|關鍵詞)$/i

/** A header is at most this far down. */
const SEARCHED_ROWS = 20

/** A larger list is split by its owner: each product costs at least one credit. */
export const MAX_PRODUCTS = 500

/** @throws AppError `invalid_input` that says what is wrong with the folder, the sheet or a row. */
export async function readProducts(source: string): Promise<WantedProduct[]> {
  const found = await stat(source).catch(() => null)
  if (found === null) throw invalidInput(`There is no file or folder at ${quoted(source)}.`, 'Check the path.')
  const products = found.isDirectory() ? await picturesIn(source) : await rowsOf(source)
  if (products.length === 0) throw invalidInput(`${quoted(source)} names no product.`, SHEET_HINT)
  if (products.length > MAX_PRODUCTS)
    throw invalidInput(`${quoted(source)} names more than ${MAX_PRODUCTS} products.`, 'Split it into several.')
  return products
}

async function picturesIn(folder: string): Promise<WantedProduct[]> {
  const names = (await readdir(folder)).filter(name => PICTURE.test(name)).sort()
  return names.map(name => ({ image: path.resolve(folder, name), quantity: null }))
}

const SHEET_HINT =
  'Name the columns in the row above the products: image (a path beside the sheet or a URL) or keyword, and quantity.'

async function rowsOf(file: string): Promise<WantedProduct[]> {
  const table = await openTable(file)
  try {
    for (const sheet of table.sheets) {
      const header = await headerOf(sheet)
      if (header !== null) return await productsBelow(sheet, header, path.dirname(path.resolve(file)))
    }
    throw invalidInput('The sheet has no recognised column for pictures or words.', SHEET_HINT)
  } finally {
    await table.close()
  }
}

interface Header {
  line: number
  image: number
  words: number
  quantity: number
}

async function headerOf(sheet: Sheet): Promise<Header | null> {
  if (sheet.columns !== null) return columnsIn(sheet.columns, 0)
  let seen = 0
  for await (const row of sheet.rows()) {
    const header = 'cells' in row ? columnsIn(row.cells.map(textOf), row.line) : null
    if (header !== null) return header
    seen += 1
    if (seen === SEARCHED_ROWS) return null
  }
  return null
}

function columnsIn(names: readonly string[], line: number): Header | null {
  const uses = mapColumns(names)
  const fieldAt = (field: ColumnUse['field']) => uses.findIndex(use => use.field === field)
  const named = names.findIndex(name => WORDS.test(name.trim()))
  const words = named === -1 ? fieldAt('title') : named
  const image = fieldAt('image')
  const quantity = names.findIndex(name => QUANTITY.test(name.trim()))
  return image === -1 && words === -1 ? null : { line, image, words, quantity }
}

async function productsBelow(sheet: Sheet, header: Header, folder: string): Promise<WantedProduct[]> {
  const products: WantedProduct[] = []
  for await (const row of sheet.rows()) {
    if (row.line <= header.line) continue
    if ('reason' in row) throw invalidInput(`Line ${row.line}: ${row.reason}`, 'Correct the sheet.')
    const product = await productOf(row.cells, row.line, header, folder)
    if (product !== null) products.push(product)
    if (products.length > MAX_PRODUCTS) break
  }
  return products
}

async function productOf(
  cells: readonly Cell[],
  line: number,
  { image, words, quantity }: Header,
  folder: string,
): Promise<WantedProduct | null> {
  const units = quantityOf(textOf(cells[quantity]), line)
  const [picture] = cells[image]?.pictures ?? []
  if (picture) {
    const base64 = Buffer.from(await picture.read()).toString('base64')
    return { image: `data:image/jpeg;base64,${base64}`, quantity: units }
  }
  const reference = cells[image]?.link ?? textOf(cells[image])
  if (/^(?:https?|sample):/i.test(reference)) return { image: reference, quantity: units }
  if (reference !== '') return { image: await findPictureFile(reference, folder), quantity: units }
  const keyword = textOf(cells[words])
  return keyword === '' ? null : { keyword, quantity: units }
}

function quantityOf(text: string, line: number): number | null {
  if (text === '') return null
  const units = Number(text.replaceAll(',', ''))
  if (Number.isInteger(units) && units >= 1 && units <= 1e9) return units
  throw invalidInput(
    `Line ${line}: ${quoted(text)} is not a quantity.`,
    'Write whole units, such as 500, or leave it empty.',
  )
}

function textOf(cell: Cell | undefined): string {
  const { value } = cell ?? {}
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}
