/** Writes generated sheets as files: CSV of any encoding, or XLSX. */
import { encodeText } from '../encode-text.ts'
import { relationsXml, type SheetXml, workbookOf } from '../xlsx-parts.ts'
import type { ZipPart } from '../zip.ts'
import type { GeneratedCell } from './row.ts'
import type { GeneratedSheet } from './sheet.ts'

export function fileOf(sheet: GeneratedSheet): Buffer {
  return sheet.kind === 'csv' ? csvOf(sheet) : xlsxOf(sheet)
}

function csvOf({ rows, delimiter, encoding }: GeneratedSheet): Buffer {
  const quote = (text: string): string => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const text = rows.map(cells => cells.map(cell => quote(textOf(cell))).join(delimiter)).join('\r\n')
  const mark = encoding.endsWith('with mark') ? '\uFEFF' : ''
  return encodeText(mark + text, encoding.replace(' with mark', ''))
}

function textOf(cell: GeneratedCell): string {
  return typeof cell === 'string' ? cell : String(cell.number)
}

/** Only the first bytes decide what is kept. */
export function pictureBytes(name: string): Buffer {
  return Buffer.from(`\xff\xd8\xff${name}`, 'latin1')
}

function xlsxOf({ before, rows, merges, pictures }: GeneratedSheet): Buffer {
  const formats = [...new Set(rows.flat().flatMap(cell => (typeof cell === 'string' ? [] : (cell.format ?? []))))]
  const xmlOf = (cells: readonly GeneratedCell[], index: number): string =>
    `<row r="${index + 1}">${cells.map(cell => cellXml(cell, formats)).join('')}</row>`
  const merged = merges.map(range => `<mergeCell ref="${range}"/>`).join('')
  const sheets: SheetXml[] = [
    ...before.map(({ name, hidden, rows: texts }) => ({
      name,
      xml: `<sheetData>${texts.map(xmlOf).join('')}</sheetData>`,
      ...(hidden && { state: 'hidden' }),
    })),
    {
      name: 'Offers',
      xml: `<sheetData>${rows.map(xmlOf).join('')}</sheetData><mergeCells>${merged}</mergeCells><drawing r:id="rId1"/>`,
      relations: [{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }],
    },
  ]
  return workbookOf(sheets, {
    extra: [stylesOf(formats), ...drawingOf(pictures)],
    relations: [{ id: 's', type: 'styles', target: 'styles.xml' }],
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function cellXml(cell: GeneratedCell, formats: readonly string[]): string {
  if (cell === '') return '<c/>'
  if (typeof cell === 'string') return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
  const style = cell.format === undefined ? 0 : formats.indexOf(cell.format) + 1
  return `<c s="${style}"><v>${cell.number}</v></c>`
}

function stylesOf(formats: readonly string[]): ZipPart {
  const codes = formats.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${escaped(code)}"/>`)
  const cells = formats.map((_, index) => `<xf numFmtId="${164 + index}"/>`)
  const bytes = `<styleSheet><numFmts>${codes.join('')}</numFmts><cellXfs><xf numFmtId="0"/>${cells.join('')}</cellXfs></styleSheet>`
  return { name: 'xl/styles.xml', bytes }
}

function drawingOf(pictures: GeneratedSheet['pictures']): ZipPart[] {
  const anchors = pictures.map(
    ({ name, row, column }) =>
      `<xdr:oneCellAnchor><xdr:from><xdr:col>${column}</xdr:col><xdr:row>${row}</xdr:row></xdr:from><xdr:pic><a:blip r:embed="${name}"/></xdr:pic></xdr:oneCellAnchor>`,
  )
  const relations = pictures.map(({ name }) => ({ id: name, type: 'image', target: `../media/${name}.jpeg` }))
  return [
    {
      name: 'xl/drawings/drawing1.xml',
      bytes: `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${anchors.join('')}</xdr:wsDr>`,
    },
    { name: 'xl/drawings/_rels/drawing1.xml.rels', bytes: relationsXml(relations) },
    ...pictures.map(({ name }) => ({ name: `xl/media/${name}.jpeg`, bytes: pictureBytes(name) })),
  ]
}
