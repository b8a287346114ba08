import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeExcel, { type SheetData } from 'write-excel-file/node'
import { type ImportFile, openImportFile } from '../../../src/catalogue/import/import-file.ts'
import type { AcceptedRow, RejectedRow } from '../../../src/catalogue/import/rows/read-rows.ts'
import { isOwnId } from '../../../src/offers/id/own-id.ts'
import { encodeText } from '../../support/encode-text.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-import-'))
  writeFileSync(path.join(folder, 'cup 1.jpg'), 'a picture')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (content: string | Uint8Array, name = 'offers.csv'): string => {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}
const read = async (file: string) => {
  const opened = await openImportFile(file, DRY_IMPORT)
  return { fields: fieldsOf(opened), rows: await collect(opened.rows) }
}
const collect = async (rows: ImportFile['rows']) => {
  const collected: Array<AcceptedRow | RejectedRow> = []
  for await (const row of rows) collected.push(row)
  return collected
}
const fieldsOf = ({ columns }: ImportFile) => Object.fromEntries(columns.map(({ column, field }) => [column, field]))
const readCsv = async (...lines: string[]) => (await read(write(lines.join('\n')))).rows
const reasonsOf = async (...lines: string[]) =>
  (await readCsv(...lines)).map(row =>
    'reason' in row ? `${row.line}: ${row.reason}` : [`${row.line}: kept`, ...row.notes].join('; '),
  )

const PICTURE = 'https://cbu01.alicdn.com/a.jpg'
const CUP = {
  offerId: '791912182230',
  title: '不锈钢保温杯',
  price: { text: '2.88-25.65', min: 2.88, max: 25.65 },
  quoted: null,
  pack: null,
  moq: 2,
  unit: '个',
  shopName: '永康市某某杯业',
  province: '浙江省',
  city: '永康市',
  imageUrl: PICTURE,
}
const HEADER = ['商品ID', '产品名称', '价格（元）', '起订量', '单位', '店铺名称', '省份', '城市', '主图', '备注']
const CELLS = [
  '791912182230',
  '不锈钢保温杯',
  '￥2.88-25.65',
  '2',
  '个',
  '永康市某某杯业',
  '浙江',
  '永康',
  PICTURE,
  'x',
]
const CSV = `${HEADER.join(',')}\n${CELLS.join(',')}\n`

describe('columns', () => {
  it('are recognised by Chinese names, before any row is read', async () => {
    const { fields, rows } = await read(write(CSV))
    expect(fields).toEqual({
      商品ID: 'offer_id',
      产品名称: 'title',
      '价格（元）': 'price',
      起订量: 'moq',
      单位: 'unit',
      店铺名称: 'shop_name',
      省份: 'province',
      城市: 'city',
      主图: 'image',
      备注: null,
    })
    expect(rows).toEqual([{ line: 2, offer: CUP, formerId: null, rate: null, notes: [] }])
  })

  it('are recognised by English names in any spelling; the first of two equal ones counts', async () => {
    const { fields } = await read(write('Product Name,IMAGE_URL,Unit price (CNY),min. order,Title,Location,Item No.\n'))
    expect(fields).toEqual({
      'Product Name': 'title',
      IMAGE_URL: 'image',
      'Unit price (CNY)': 'price',
      'min. order': 'moq',
      Title: null,
      Location: 'place',
      'Item No.': 'sku',
    })
  })

  it('must include titles and pictures', async () => {
    await expect(openImportFile(write('title,price\nx,1\n'), DRY_IMPORT)).rejects.toMatchObject({
      code: 'invalid_input',
      hint: expect.stringContaining('图片'),
    })
    await expect(openImportFile(write('image,price\nx,1\n'), DRY_IMPORT)).rejects.toMatchObject({
      hint: expect.stringContaining('产品名称'),
    })
  })
})

describe('kinds of files', () => {
  it('reads CSV with a byte order mark, semicolons, tabs and CRLF', async () => {
    for (const text of [
      `\uFEFF${CSV}`,
      CSV.replaceAll(',', ';'),
      CSV.replaceAll(',', '\t'),
      CSV.replaceAll('\n', '\r\n'),
    ]) {
      expect((await read(write(text))).rows).toEqual([{ line: 2, offer: CUP, formerId: null, rate: null, notes: [] }])
    }
  })

  it('reads what Excel writes on Chinese Windows and as Unicode text', async () => {
    const gbk = encodeText(`标题,图片\n杯,${PICTURE}\n`, 'gbk')
    const utf16 = encodeText(`\uFEFF标题\t图片\r\n杯\t${PICTURE}\r\n`, 'utf-16le')
    for (const bytes of [gbk, utf16]) {
      expect((await read(write(bytes))).rows).toMatchObject([{ offer: { title: '杯', imageUrl: PICTURE } }])
    }
  })

  it('reads JSON Lines whose objects have different keys', async () => {
    const lines = [
      JSON.stringify({ id: 791912182230, title: 'a', image: [PICTURE] }),
      '',
      'not json',
      '[1]',
      JSON.stringify({ title: 'b', image: PICTURE, city: '义乌', price: 2.5 }),
    ]
    for (const lineEnd of ['\n', '\r\n']) {
      const { fields, rows } = await read(write(lines.join(lineEnd), 'offers.jsonl'))
      expect(fields).toEqual({ id: 'offer_id', title: 'title', image: 'image', city: 'city', price: 'price' })
      expect(rows).toMatchObject([
        { line: 1, offer: { offerId: '791912182230', title: 'a', imageUrl: PICTURE, city: null } },
        { line: 3, reason: 'Not a JSON object.' },
        { line: 4, reason: 'Not a JSON object.' },
        { line: 5, offer: { title: 'b', city: '义乌市', price: { text: '2.5' } } },
      ])
    }
  })

  it('reads the first sheet of XLSX, with numbers and empty rows', async () => {
    const file = path.join(folder, 'offers.xlsx')
    const cells = CELLS.map((cell, index) => (index === 0 || index === 3 ? Number(cell) : cell))
    const sheet: SheetData = [HEADER, cells, [null], [null, 'no picture']]
    await writeExcel(sheet).toFile(file)
    expect((await read(file)).rows).toEqual([
      { line: 2, offer: CUP, formerId: null, rate: null, notes: [] },
      { line: 4, reason: 'No picture.' },
    ])
  })

  it('says what kind of file it cannot read', async () => {
    const messageOf = (file: string) =>
      openImportFile(file, DRY_IMPORT).then(
        () => 'read',
        error => `${error.code}: ${error.message}`,
      )
    expect(await messageOf(path.join(folder, 'missing.csv'))).toContain('Cannot read the file "')
    for (const endless of [folder, '/dev/zero']) expect(await messageOf(endless)).toContain('not a regular file')
    expect(await messageOf(write(''))).toContain('an empty file')
    expect(await messageOf(write('[{"title":"a"}]'))).toContain('a JSON array')
    expect(await messageOf(write(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])))).toContain('an old Excel file')
    expect(await messageOf(write('PK\u0003\u0004 broken'))).toContain('a damaged spreadsheet')
    expect(await messageOf(write('<html><table><tr><td>title', 'offers.xls'))).toContain('a web page (HTML)')
    expect(await messageOf(write('%PDF-1.7'))).toContain('a PDF file')
    expect(await messageOf(write(Buffer.alloc(2000, 0xff)))).toMatch(/^invalid_input/)
  })
})

describe('rows', () => {
  it('reports each bad row with its line and keeps the good ones', async () => {
    expect(
      await reasonsOf(
        'id,title,price,moq,image',
        `791912182230,"two`,
        `lines",1,1,${PICTURE}`,
        ``,
        `SKU-1,a,1,1,${PICTURE}`,
        `,,1,1,${PICTURE}`,
        `,a,1,1,`,
        `,usd,US$ 5,1,${PICTURE}`,
        `,few,1,a few,${PICTURE}`,
        `,a,1,1,https://[`,
        `,a,1,1,missing.jpg`,
        `,a,1,1,data:image/png;base64`,
        `,a,with, comma,1,${PICTURE}`,
        `791912182230,again,1,1,${PICTURE}`,
        `,good,面议,-,${PICTURE}`,
      ),
    ).toEqual([
      '2: kept',
      '5: kept; "SKU-1" is not an ID of 1688; the offer has an ID of its own.',
      '6: No title.',
      '7: No picture.',
      '8: kept',
      '9: kept; Minimum order unknown: it could not be read: "a few" (expected a whole number).',
      '10: Not a valid picture address: "https://[".',
      '11: Picture file not found: "missing.jpg".',
      '12: Picture is neither an http(s) address nor a file: "data:image/png;base64".',
      '13: The row has 6 cells, but the header has 5.',
      '14: Same offer as line 2.',
      '15: kept',
    ])
  })

  it('loses only what follows a quotation mark that is never closed', async () => {
    expect(
      await reasonsOf('title,image', `a,${PICTURE}`, `b 3" pipe,${PICTURE}`, `"c,${PICTURE}`, `d,${PICTURE}`),
    ).toEqual([
      '2: kept',
      '3: kept',
      '4: A quotation mark opens here and never closes, so the rest of the file could not be read.',
    ])
  })

  it('takes pictures from addresses, also several in a cell, and from files beside the table', async () => {
    const rows = await readCsv(
      'title,image',
      `a,//cbu01.alicdn.com/a.jpg`,
      `b,"${PICTURE},https://cbu01.alicdn.com/b.jpg"`,
      `c,"${PICTURE}; https://cbu01.alicdn.com/b.jpg"`,
      'd,cup 1.jpg',
      `e,${pathToFileURL(path.join(folder, 'cup 1.jpg')).href}`,
    )
    const local = pathToFileURL(path.join(folder, 'cup 1.jpg')).href
    expect(rows.map(row => ('offer' in row ? row.offer.imageUrl : row.reason))).toEqual([
      PICTURE,
      PICTURE,
      PICTURE,
      local,
      local,
    ])
  })

  it('reads quantities and prices as people write them', async () => {
    const rows = await readCsv(
      'title,price,moq,image',
      `a,"¥1,280.00",≥2件,${PICTURE}`,
      `b,2.88~25.65元,"1,000 pcs",${PICTURE}`,
      `c,面议,1.0,${PICTURE}`,
      ...['0', '0.00', '¥0.00', '0元'].map(price => `for ${price},${price},,${PICTURE}`),
    )
    expect(rows.map(row => ('offer' in row ? [row.offer.price?.text, row.offer.moq] : row.reason))).toEqual([
      ['1280.00', 2],
      ['2.88-25.65', 1000],
      [undefined, 1],
      ...Array(4).fill([undefined, null]),
    ])
  })

  it('derives the same ID each time for an offer that is not on 1688', async () => {
    const table = (header: string, ...rows: string[]) =>
      readCsv(`${header},image`, ...rows.map(row => `${row},${PICTURE}`))
    const idsOf = (rows: Awaited<ReturnType<typeof table>>) =>
      rows.map(row => ('offer' in row ? row.offer.offerId : row.reason))
    const [bySku, otherSku] = idsOf(await table('title,sku', 'a,X-1', 'a,X-2'))
    const [renamed] = idsOf(await table('title,sku', 'b,X-1'))
    const [byTitle] = idsOf(await table('title', 'a'))
    expect([bySku, otherSku, byTitle].every(id => id !== undefined && isOwnId(id))).toBe(true)
    expect(new Set([bySku, otherSku, byTitle]).size).toBe(3)
    expect(renamed).toBe(bySku)
    const linked = await table(
      'title,link',
      'a,https://detail.1688.com/offer/791912182230.html',
      'b,https://shop.example.com/7',
    )
    expect(idsOf(linked)[0]).toBe('791912182230')
    expect(isOwnId(idsOf(linked)[1] ?? '')).toBe(true)
    expect(isOwnId('791912182230')).toBe(false)
  })

  it('cleans the texts that it keeps', async () => {
    const [row] = await readCsv('title,shop,image', `"<b>杯\u202Egnp</b>","'=HYPERLINK()",${PICTURE}`)
    expect(row).toMatchObject({ offer: { title: '杯gnp', shopName: '=HYPERLINK()' } })
  })
})
