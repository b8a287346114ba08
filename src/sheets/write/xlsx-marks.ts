/** What write-excel-file cannot do itself: filters on the header, cells that link to addresses, and pages that fit. */
import type { Feature, Image } from 'write-excel-file/node'

export interface SheetMarks {
  /** Rows are counted from 1. */
  filter: { row: number; lastRow: number; columns: number }
  /** Columns are counted from 0. */
  links: readonly { row: number; column: number; target: string }[]
}

const LINK_TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink'

/** @param sheets in their order. */
export function filtersAndLinks(sheets: readonly SheetMarks[]): Feature<Image['content']> {
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _options, { sheetIndex }) => {
            const marks = sheets[sheetIndex]
            return marks ? onePageWide(withLinks(withFilter(xml, marks), marks)) : xml
          },
        },
        'xl/worksheets/_rels/sheet{id}.xml.rels': {
          insert: (_options, { sheetIndex }) => relationships(sheets[sheetIndex]?.links ?? []),
        },
      },
    },
  }
}

/** Programs refuse a file whose elements are not in the order of the standard: filter, merged cells, links, page. */
function withFilter(xml: string, { filter }: SheetMarks): string {
  const range = `A${filter.row}:${columnName(filter.columns - 1)}${filter.lastRow}`
  return xml.replace('</sheetData>', `</sheetData><autoFilter ref="${range}"/>`)
}

function withLinks(xml: string, { links }: SheetMarks): string {
  if (links.length === 0) return xml
  const cells = links.map(
    ({ row, column }, index) => `<hyperlink ref="${columnName(column)}${row}" r:id="link${index}"/>`,
  )
  return xml.replace(/(?=<pageMargins|<pageSetup|<drawing|<\/worksheet>)/, `<hyperlinks>${cells.join('')}</hyperlinks>`)
}

/** In print, all columns fit on a page. */
function onePageWide(xml: string): string {
  return xml
    .replace(/<worksheet [^>]*>/, start => `${start}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
    .replace('<pageSetup ', '<pageSetup fitToWidth="1" fitToHeight="0" ')
}

function relationships(links: SheetMarks['links']): string {
  return links
    .map(
      ({ target }, index) =>
        `<Relationship Id="link${index}" Type="${LINK_TYPE}" Target="${escaped(target)}" TargetMode="External"/>`,
    )
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}

/** `A`, `Z`, `AA`. */
function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter
}
