import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openTable } from '../../../src/sheets/read/open-table.ts'
import { openArchive } from '../../../src/sheets/read/xlsx/archive.ts'
import { createBudget } from '../../../src/sheets/read/xlsx/budget.ts'
import { readSharedStrings } from '../../../src/sheets/read/xlsx/shared-strings.ts'
import { textRow, workbookOf, worksheet } from '../../support/xlsx-parts.ts'
import { cellsOf, readWorkbook } from '../../support/xlsx-read.ts'
import { type ZipPart, zipOf } from '../../support/zip.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-xlsx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (bytes: Uint8Array): string => {
  const file = path.join(folder, 'sheet.xlsx')
  writeFileSync(file, bytes)
  return file
}
const oneSheet = (xml: string) => [{ name: 'a', xml }]

// Number formats of ECMA-376, 18.8.30.
const STYLES: ZipPart = {
  name: 'xl/styles.xml',
  bytes: `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="&quot;$&quot;#,##0.00"/><numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`,
}
const styled = { extra: [STYLES], relations: [{ id: 's', type: 'styles', target: 'styles.xml' }] }

describe('values of cells', () => {
  it('are numbers, texts, booleans and dates, as the format says', async () => {
    const row = `<row r="1"><c t="n"><v>791912182230</v></c><c t="str"><v>12.50</v></c><c t="b"><v>1</v></c>
      <c s="1"><v>46086</v></c><c s="3"><v>46086.4375</v></c><c s="4"><v>0.4375</v></c><c s="2"><v>1.2</v></c>
      <c t="d"><v>2026-03-05</v></c><c s="1"><v>60</v></c></row>`
    const [cells] = await cellsOf(oneSheet(`<sheetData>${row}</sheetData>`), styled)
    expect(cells).toEqual([
      { value: 791912182230 },
      { value: '12.50' },
      { value: true },
      { value: '2026-03-05' },
      { value: '2026-03-05T10:30:00' },
      { value: '10:30:00' },
      { value: 1.2, format: '"$"#,##0.00' },
      { value: '2026-03-05' },
      { value: '1900-02-28' },
    ])
  })

  it('count days from 1904 where the workbook does', async () => {
    const sheet = oneSheet('<sheetData><row><c s="1"><v>44624</v></c></row></sheetData>')
    const [cells] = await cellsOf(sheet, { ...styled, properties: 'date1904="1"' })
    expect(cells).toEqual([{ value: '2026-03-05' }])
  })

  it('are the last results of formulas, or say why there is none', async () => {
    const row = `<row><c><f>1+1</f><v>2</v></c><c><f>A1*2</f></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>
      <c><f>HYPERLINK("https://a.example/x","open")</f></c><c t="str"><f>HYPERLINK("https://a.example/y","z")</f><v>shown</v></c>
      <c t="e"><f>_xlfn.IMAGE("https://a.example/p.jpg")</f><v>#NAME?</v></c></row>`
    const [cells] = await cellsOf(oneSheet(`<sheetData>${row}</sheetData>`))
    expect(cells).toEqual([
      { value: 2 },
      { value: null, problem: 'the cell holds a formula whose result is not in the file' },
      { value: null, problem: 'the cell shows the error #DIV/0!' },
      { value: 'open', link: 'https://a.example/x' },
      { value: 'shown', link: 'https://a.example/y' },
      { value: null, link: 'https://a.example/p.jpg' },
    ])
  })

  it('join the runs of rich text, without phonetic guides and what is struck out', async () => {
    const strings = `<sst><si><t>plain</t></si><si><r><t>two </t></r><r><rPr/><t>runs</t></r><rPh><t>guide</t></rPh></si>
      <si><t xml:space="preserve">a_x000D_b &amp; c</t></si></sst>`
    const row = `<row><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>9</v></c>
      <c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>x</t></rPh></is></c>
      <c t="inlineStr"><is><r><rPr><strike/></rPr><t>15</t></r><r><rPr><strike val="0"/></rPr><t> 12.5</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is></c>
      <c t="inlineStr"><is><t>2</t></is></c></row>`
    const [cells] = await cellsOf(oneSheet(`<sheetData>${row}</sheetData>`), {
      extra: [{ name: 'xl/sharedStrings.xml', bytes: strings }],
      relations: [{ id: 's', type: 'sharedStrings', target: '/xl/sharedStrings.xml' }],
    })
    expect(cells?.map(({ value }) => value)).toEqual(['two runs', 'a\rb & c', null, 'inline', ' 12.5¹', '2'])
  })

  it('are found without references, with gaps, and with any prefix', async () => {
    const plain =
      '<sheetData><row><c><v>1</v></c><c r="C1"><v>3</v></c></row><row r="9"><c><v>4</v></c></row></sheetData>'
    const prefixed = plain.replaceAll(/<(\/?)/g, '<$1x:')
    for (const xml of [plain, prefixed]) {
      const [sheet] = await readWorkbook(
        workbookOf([{ name: 'a', xml: xml.replace('<x:sheetData>', '<x:sheetData xmlns:x="x">') }]),
      )
      expect(sheet?.rows).toEqual([
        { line: 1, cells: [{ value: 1 }, { value: null }, { value: 3 }] },
        { line: 9, cells: [{ value: 4 }] },
      ])
    }
  })

  it('are read from the visible sheets, in their order', async () => {
    const xml = `<sheetData>${textRow(1, ['x'])}</sheetData>`
    const sheets = await readWorkbook(
      workbookOf([
        { name: 'hidden', state: 'hidden', xml },
        { name: 'first', xml },
        { name: 'secret', state: 'veryHidden', xml },
        { name: 'second', xml },
      ]),
    )
    expect(sheets.map(({ name }) => name)).toEqual(['first', 'second'])
  })

  it('fill merged cells downwards, not sideways', async () => {
    const rows = `${textRow(1, ['a', 'b', 'c'])}<row r="2"><c r="C2"><v>1</v></c></row><row r="3"><c r="C3"><v>2</v></c></row>${textRow(4, ['d'])}`
    const merges = '<mergeCells><mergeCell ref="A1:B3"/><mergeCell ref="C1:E1"/></mergeCells>'
    const cells = await cellsOf(oneSheet(`<sheetData>${rows}</sheetData>${merges}`))
    expect(cells.map(row => row.map(({ value }) => value))).toEqual([
      ['a', 'b', 'c'],
      ['a', null, 1],
      ['a', null, 2],
      ['d'],
    ])
  })

  it('carry the links of their cells', async () => {
    const [sheet] = await readWorkbook(
      workbookOf([
        {
          name: 'a',
          xml: `<sheetData>${textRow(1, ['see', 'here'])}</sheetData><hyperlinks><hyperlink ref="B1" r:id="rId1"/></hyperlinks>`,
          relations: [{ id: 'rId1', type: 'hyperlink', target: 'https://a.example/1', external: true }],
        },
      ]),
    )
    expect(sheet?.rows).toEqual([
      { line: 1, cells: [{ value: 'see' }, { value: 'here', link: 'https://a.example/1' }] },
    ])
  })
})

describe('shared texts beyond the memory allowed', () => {
  it('are kept in a temporary file, which is removed', async () => {
    const texts = Array.from({ length: 5000 }, (_, index) => `杯 ${index} ${'x'.repeat(index % 50)}`)
    const file = write(
      workbookOf(oneSheet(''), {
        extra: [
          {
            name: 'xl/sharedStrings.xml',
            bytes: `<sst>${texts.map(text => `<si><t>${text}</t></si>`).join('')}</sst>`,
          },
        ],
      }),
    )
    const spills = () => readdirSync(tmpdir()).filter(name => name.startsWith('mcp-1688-sheet-'))
    const before = spills()
    const budget = createBudget()
    const archive = await openArchive(file, budget)
    const strings = await readSharedStrings(archive, 'xl/sharedStrings.xml', budget, 1000)
    const spilled = spills().filter(name => !before.includes(name))
    expect(spilled).toHaveLength(1)
    expect(texts.map((_, index) => strings.get(index))).toEqual(texts)
    expect([strings.get(5000), strings.get(-1)]).toEqual([undefined, undefined])
    strings.close()
    archive.close()
    expect(spilled.map(name => existsSync(path.join(tmpdir(), name)))).toEqual([false])
  })
})

it.each([
  ['xl/workbook.bin', 'a binary Excel file (.xlsb)'],
  ['Index/Document.iwa', 'an Apple Numbers file (.numbers)'],
  ['content.xml', 'an OpenDocument file (.ods)'],
  ['word/document.xml', 'a ZIP file without a spreadsheet'],
])('a file of another kind is named by its parts: %s', async (name, what) => {
  await expect(openTable(write(zipOf([{ name, bytes: worksheet('') }])))).rejects.toMatchObject({
    message: expect.stringContaining(what),
  })
})
