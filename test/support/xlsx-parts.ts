import type { ZipPart } from './zip.ts'
import { zipOf } from './zip.ts'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

export interface Relation {
  id: string
  type: string
  target: string
  external?: boolean
}

export interface SheetXml {
  name: string
  state?: string
  /** What is inside of <worksheet>. */
  xml: string
  relations?: readonly Relation[]
}

export function relationsXml(relations: readonly Relation[]): string {
  const lines = relations.map(
    ({ id, type, target, external }) =>
      `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`,
  )
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${lines.join('')}</Relationships>`
}

export function worksheet(xml: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}">${xml}</worksheet>`
}

/** The parts of a workbook as Excel lays them out (ECMA-376, part 1, chapter 12). */
export function workbookParts(
  sheets: readonly SheetXml[],
  {
    extra = [],
    relations = [],
    properties = '',
  }: { extra?: ZipPart[]; relations?: Relation[]; properties?: string } = {},
): ZipPart[] {
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`,
  )
  const own = sheets.map((_, index) => ({
    id: `rId${index + 1}`,
    type: 'worksheet',
    target: `worksheets/sheet${index + 1}.xml`,
  }))
  return [
    { name: '_rels/.rels', bytes: relationsXml([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }]) },
    {
      name: 'xl/workbook.xml',
      bytes: `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr ${properties}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', bytes: relationsXml([...own, ...relations]) },
    ...sheets.flatMap(({ xml, relations: own = [] }, index) => [
      { name: `xl/worksheets/sheet${index + 1}.xml`, bytes: worksheet(xml) },
      { name: `xl/worksheets/_rels/sheet${index + 1}.xml.rels`, bytes: relationsXml(own) },
    ]),
    ...extra,
  ]
}

export function workbookOf(...args: Parameters<typeof workbookParts>): Buffer {
  return zipOf(workbookParts(...args))
}

/** A row of inline texts. */
export function textRow(row: number, texts: readonly string[]): string {
  return `<row r="${row}">${texts.map(text => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`
}

export interface FloatingPicture {
  bytes: Buffer
  /** Of the cell that its upper left corner lies in, counted from 0. */
  column: number
  row: number
}

/** A workbook of one sheet. The same bytes at several places are one part, as Excel stores them. */
export function sheetWithPictures(rows: readonly (readonly string[])[], pictures: readonly FloatingPicture[]): Buffer {
  const media = [...new Set(pictures.map(({ bytes }) => bytes))]
  const anchors = pictures.map(
    ({ bytes, column, row }) =>
      `<xdr:oneCellAnchor><xdr:from><xdr:col>${column}</xdr:col><xdr:row>${row}</xdr:row></xdr:from><xdr:pic><a:blip r:embed="rId${media.indexOf(bytes)}"/></xdr:pic></xdr:oneCellAnchor>`,
  )
  const drawing = `<xdr:wsDr xmlns:xdr="x" xmlns:a="a" xmlns:r="r">${anchors.join('')}</xdr:wsDr>`
  const images = media.map((_, index) => ({ id: `rId${index}`, type: 'image', target: `../media/image${index}.jpeg` }))
  return workbookOf(
    [
      {
        name: 'Offers',
        xml: `<sheetData>${rows.map((cells, index) => textRow(index + 1, cells)).join('')}</sheetData><drawing r:id="rId1"/>`,
        relations: [{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }],
      },
    ],
    {
      extra: [
        ...media.map((bytes, index) => ({ name: `xl/media/image${index}.jpeg`, bytes })),
        { name: 'xl/drawings/drawing1.xml', bytes: drawing },
        { name: 'xl/drawings/_rels/drawing1.xml.rels', bytes: relationsXml(images) },
      ],
    },
  )
}
