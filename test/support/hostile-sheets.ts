/** Spreadsheets made to exhaust their reader, at any size. */
import { relationsXml, textRow, workbookOf, workbookParts } from './xlsx-parts.ts'
import { type ZipPart, zipOf } from './zip.ts'

export interface HostileSheet {
  name: string
  /** At `scale` 1 as large as an attacker would make it. */
  make(scale: number): Buffer
  /** The start of the answer, or null where the sheet is harmless once it is read row by row. */
  refusal: RegExp | null
}

const HEADER = textRow(1, ['title', 'image'])
const OFFER = textRow(2, ['cup', 'https://cbu01.alicdn.com/a.jpg'])
const TOO_LARGE = /too large to be read safely/
const DAMAGED = /a damaged spreadsheet/

const repeat = (count: number, make: (index: number) => string): string =>
  Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => make(index)).join('')
const sheetOf = (rows: string, rest = ''): Buffer =>
  workbookOf([{ name: 'a', xml: `<sheetData>${HEADER}${OFFER}${rows}</sheetData>${rest}` }])
const withPart = (part: ZipPart): Buffer => {
  const parts = workbookParts([{ name: 'a', xml: `<sheetData>${HEADER}${OFFER}</sheetData>` }])
  return zipOf([...parts.filter(({ name }) => name !== part.name), part])
}

export const HOSTILE_SHEETS: readonly HostileSheet[] = [
  {
    name: 'one far cell',
    make: () => sheetOf('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    refusal: null,
  },
  {
    name: 'a million empty rows',
    make: scale => sheetOf(repeat(1_048_574 * scale, index => `<row r="${index + 3}" spans="1:9"/>`)),
    refusal: null,
  },
  {
    name: 'a last cell in every row',
    make: scale =>
      sheetOf(repeat(100_000 * scale, index => `<row r="${index + 3}"><c r="XFD${index + 3}"><v>1</v></c></row>`)),
    refusal: null,
  },
  {
    name: 'a text that unpacks to a thousand times its size',
    make: scale =>
      sheetOf(
        `<row r="3"><c t="inlineStr"><is><t>${' '.repeat(400_000_000 * Math.max(scale, 0.01))}</t></is></c></row>`,
      ),
    refusal: TOO_LARGE,
  },
  {
    name: 'elements that unpack to a thousand times their size',
    make: scale => sheetOf('<row/>'.repeat(60_000_000 * Math.max(scale, 0.03))),
    refusal: TOO_LARGE,
  },
  {
    name: 'elements nested very deep',
    make: scale => sheetOf('<a>'.repeat(5_000_000 * Math.max(scale, 0.001))),
    refusal: TOO_LARGE,
  },
  {
    name: 'an attribute of megabytes',
    make: scale => sheetOf(`<row r="${'9 '.repeat(20_000_000 * Math.max(scale, 0.05))}"/>`),
    refusal: TOO_LARGE,
  },
  {
    name: 'entities that expand each other',
    make: () =>
      withPart({
        name: 'xl/worksheets/sheet1.xml',
        bytes: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${'bcdefghij'
          .split('')
          .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghi'[index]};`.repeat(10)}">`)
          .join('')}]><worksheet><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>`,
      }),
    refusal: DAMAGED,
  },
  {
    name: 'an entity that names a file',
    make: () =>
      withPart({
        name: 'xl/worksheets/sheet1.xml',
        bytes: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>',
      }),
    refusal: DAMAGED,
  },
  {
    name: 'merged cells over all rows, many times',
    make: scale =>
      sheetOf(
        repeat(20_000 * scale, index => `<row r="${index + 3}"><c><v>1</v></c></row>`),
        `<mergeCells>${repeat(400_000 * scale, () => '<mergeCell ref="B2:XFD1048576"/>')}</mergeCells>`,
      ),
    refusal: null,
  },
  {
    name: 'links over all rows, many times',
    make: scale =>
      sheetOf(
        '',
        `<hyperlinks>${repeat(400_000 * scale, () => '<hyperlink ref="A1:XFD1048576" r:id="rId1"/>')}</hyperlinks>`,
      ),
    refusal: null,
  },
  {
    name: 'more parts than any workbook has',
    make: scale => {
      const parts = workbookParts([{ name: 'a', xml: `<sheetData>${HEADER}${OFFER}</sheetData>` }])
      return zipOf([
        ...parts,
        ...Array.from({ length: 60_000 * scale }, (_, index) => ({ name: `x${index}`, bytes: '' })),
      ])
    },
    refusal: null,
  },
  {
    name: 'a drawing of many pictures on one cell',
    make: scale => {
      const anchor =
        '<oneCellAnchor><from><col>0</col><row>1</row></from><pic><blip r:embed="rId1"/></pic></oneCellAnchor>'
      const parts = workbookParts([
        {
          name: 'a',
          xml: `<sheetData>${HEADER}${OFFER}</sheetData><drawing r:id="rId1"/>`,
          relations: [{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }],
        },
      ])
      return zipOf([
        ...parts,
        { name: 'xl/drawings/drawing1.xml', bytes: `<wsDr>${repeat(90_000 * scale, () => anchor)}</wsDr>` },
        {
          name: 'xl/drawings/_rels/drawing1.xml.rels',
          bytes: relationsXml([{ id: 'rId1', type: 'image', target: '../media/image1.png' }]),
        },
        { name: 'xl/media/image1.png', bytes: 'x' },
      ])
    },
    refusal: null,
  },
  {
    name: 'parts that are encrypted',
    make: () => withPart({ name: 'xl/worksheets/sheet1.xml', bytes: 'x', flags: 1 }),
    refusal: /protected by a password/,
  },
  {
    name: 'a part that is missing',
    make: () => zipOf(workbookParts([{ name: 'a', xml: '' }]).filter(({ name }) => !name.includes('sheet1'))),
    refusal: /without a visible sheet/,
  },
  {
    name: 'XML that breaks off',
    make: () => withPart({ name: 'xl/worksheets/sheet1.xml', bytes: '<worksheet><sheetData><row>' }),
    refusal: DAMAGED,
  },
]
