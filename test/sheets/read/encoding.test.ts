import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openTable } from '../../../src/sheets/read/open-table.ts'
import type { TableRow } from '../../../src/sheets/read/table.ts'
import { encodeText } from '../../support/encode-text.ts'
import { textRow, workbookOf } from '../../support/xlsx-parts.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-encoding-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(bytes: Uint8Array | string, encoding?: string): Promise<TableRow[]> {
  const file = path.join(folder, 'sheet.csv')
  writeFileSync(file, bytes)
  const rows: TableRow[] = []
  const { sheets } = await openTable(file, encoding)
  for await (const row of sheets[0]?.rows() ?? []) rows.push(row)
  return rows
}
const valuesOf = (rows: readonly TableRow[]) =>
  rows.map(row => ('cells' in row ? row.cells.map(({ value }) => value) : row.reason))

const CHINESE = '标题,价格,图片\n不锈钢保温杯,12.50,杯.jpg\n高颜值冰丝防晒口罩女,2.85,口罩.jpg\n'
const TEXTS: [encoding: string, text: string][] = [
  ['gb18030', CHINESE],
  ['big5', '標題,價格,圖片\n不鏽鋼保溫杯,12.50,杯.jpg\n高顏值冰絲防曬口罩女,2.85,口罩.jpg\n'],
  ['shift_jis', 'title,price,image\n日焼け防止マスク,2.85,a.jpg\nステンレス水筒,12.5,b.jpg\n'],
  ['euc-kr', 'title,price,image\n자외선 차단 마스크,2.85,a.jpg\n스테인리스 보온병,12.5,b.jpg\n'],
  ['windows-1251', 'title,price,image\nМаска для лица,2.85,a.jpg\nТермос из стали,12.5,b.jpg\n'],
  ['windows-1252', 'title,price,image\nGobelet à café isotherme crème,2.85,a.jpg\nGrüße aus Köln,12.5,b.jpg\n'],
  ['windows-1250', 'title,price,image\nKubek termiczny żółty z pokrywką,2.85,a.jpg\nŁyżka stołowa,12.5,b.jpg\n'],
  [
    'windows-1254',
    'title,price,image\nYüz maskesi güneş koruyucu ışık,2.85,a.jpg\nPaslanmaz çelik termos bardağı,12.5,b.jpg\n',
  ],
  ['euc-jp', 'title,price,image\n日焼け防止マスク,2.85,a.jpg\nステンレス水筒,12.5,b.jpg\n'],
  ['koi8-u', 'title,price,image\nМаска для лица,2.85,a.jpg\nТермос из стали,12.5,b.jpg\n'],
  ['ibm866', 'title,price,image\nМаска для лица,2.85,a.jpg\nТЕРМОС ИЗ СТАЛИ,12.5,b.jpg\n'],
  ['windows-1253', 'title,price,image\nΚούπα από ανοξείδωτο ατσάλι,2.85,a.jpg\nΠαιδική ομπρέλα,12.5,b.jpg\n'],
  ['windows-1255', 'title,price,image\nספל נירוסטה,2.85,a.jpg\nמטריה לילדים,12.5,b.jpg\n'],
  ['windows-1256', 'title,price,image\nكوب من الفولاذ المقاوم للصدأ,2.85,a.jpg\nمظلة أطفال,12.5,b.jpg\n'],
  ['windows-874', 'title,price,image\nแก้วสแตนเลส,2.85,a.jpg\nร่มเด็ก,12.5,b.jpg\n'],
  ['windows-1250', 'title,price,image\nNerezový hrnek,2.85,a.jpg\nDětský deštník růžový,12.5,b.jpg\n'],
  ['windows-1250', 'Nazwa,Cena,Zdjęcie\nŻółty kubek,2.85,a.jpg\nParasol dziecięcy,12.5,b.jpg\n'],
  ['windows-1250', 'title,price,image\nRozsdamentes bögre,2.85,a.jpg\nGyerek esernyő hőálló,12.5,b.jpg\n'],
  ['windows-1257', 'title,price,image\nNerūdijančio plieno puodelis,2.85,a.jpg\nVaikiškas skėtis šviesus,12.5,b.jpg\n'],
  ['iso-8859-2', 'title,price,image\nKubek żółty z pokrywką,2.85,a.jpg\nŁyżka stołowa,12.5,b.jpg\n'],
  ['macintosh', 'title,price,image\nGobelet isotherme crème,2.85,a.jpg\nBol pliable à couvercle,12.5,b.jpg\n'],
  ['windows-1252', 'title,price,image\nMug ½ litre 30°,2.85,a.jpg\nUmbrella,12.5,b.jpg\n'],
  ['windows-1252', 'TITRE,price,image\nCRÉÉE À LA MAIN NESCAFÉ®,2.85,a.jpg\nTHÉIÈRE,12.5,b.jpg\n'],
  ['euc-kr', 'price,최소주문수량,제품명\n3 AUD/箱(24件),36 개,자외선 차단 마스크\n5 AUD/箱(24件),10 개,접이식 우산\n'],
  ['windows-1251', 'НАИМЕНОВАНИЕ,price,image\nМАСКА ДЛЯ ЛИЦА,2.85,a.jpg\nКРУЖКА ЛЮКС,12.5,b.jpg\n'],
  ['shift_jis', 'ﾋﾝﾒｲ,price,image\nTｼｬﾂ ﾏｸﾞｶｯﾌﾟ 陶器,2.85,a.jpg\nｽﾃﾝﾚｽﾎﾞﾄﾙ500ml,12.5,b.jpg\n'],
  ['gb18030', '標題,價格,圖片\n不鏽鋼保溫杯,12.50,杯.jpg\n兒童雨衣,2.85,雨衣.jpg\n'],
]

it.each(TEXTS)('recognises %s by its content', async (encoding, text) => {
  expect(valuesOf(await read(encodeText(text, encoding)))).toEqual(
    text
      .trim()
      .split('\n')
      .map(line => line.split(',')),
  )
})

it.each(TEXTS)('reads UTF-8 as UTF-8, not as %s', async (_, text) => {
  expect(valuesOf(await read(text))).toEqual(
    text
      .trim()
      .split('\n')
      .map(line => line.split(',')),
  )
})

const WHOLE = {
  中文: CHINESE.replaceAll('高', ''),
  français: 'title,image\nTasse à thé – crème,a.jpg\n',
  русский: 'Название,image\nКружка и блюдце,a.jpg\n',
}
it.each([
  ['中文', 'windows-1252', 'utf-8'],
  ['français', 'windows-1252', 'utf-8'],
  ['русский', 'windows-1252', 'utf-8'],
  ['français', 'macintosh', 'utf-8'],
  ['русский', 'windows-1251', 'utf-8'],
  ['русский', 'gb18030', 'utf-8'],
  ['中文', 'windows-1252', 'gb18030'],
  ['русский', 'windows-1252', 'windows-1251'],
] as const)('rereads %s that a program took for %s: it was %s', async (language, readAs, really) => {
  const misread = (text: string, from: string) =>
    new TextDecoder(readAs).decode(encodeText(text, from), { stream: true })
  const lines = WHOLE[language]
    .trim()
    .split('\n')
    .map(line => line.split(','))
  expect(valuesOf(await read(misread(WHOLE[language], really)))).toEqual(lines)
  if (readAs !== 'windows-1252') return
  expect(valuesOf(await read(misread(misread(WHOLE[language], really), 'utf-8')))).toEqual(lines)
})

it('rereads the texts of a workbook, and leaves those that are right', async () => {
  const rows = [
    ['title', 'image'],
    ['CafÃ© crÃ¨me', 'a.jpg'],
    ['Thé', 'b.jpg'],
  ]
  const xml = `<sheetData>${rows.map((cells, index) => textRow(index + 1, cells)).join('')}</sheetData>`
  expect(valuesOf(await read(workbookOf([{ name: 'a', xml }])))).toEqual([
    ['title', 'image'],
    ['Café crème', 'a.jpg'],
    ['Thé', 'b.jpg'],
  ])
})

it('reads what web pages and programs write for characters', async () => {
  const text = 'title,image\nTom &amp; Jerry &#26479;&#x5b50; \\u676f\\u5b50,https://a.com/a.jpg?x=1&amp;y=2&copy=3\n'
  expect(valuesOf(await read(text))[1]).toEqual(['Tom & Jerry 杯子 杯子', 'https://a.com/a.jpg?x=1&y=2&copy=3'])
  expect(valuesOf(await read('D:\\u2024\\a &#x110000; &foo;,b\n'))[0]).toEqual(['D:\\u2024\\a &#x110000; &foo;', 'b'])
})

it.each([
  ['title,image\näº§å“ å›¾ç‰‡ 价格 é”ˆé’¢ ä¿æ¸©,a.jpg\n', 'as windows-1252 although it was utf-8'],
  [
    `title,image\n${new TextDecoder('euc-kr').decode(Buffer.from('자외선 차단 마스크'))},a.jpg\n`,
    'in a wrong encoding',
  ],
  ['title,image\n~{2;Pb8V1#NB1-~},a.jpg\n', 'HZ'],
  ['\x1b$)Ctitle,image\n\x0e8E8F\x0f,a.jpg\n', 'seven bits'],
])('refuses %j, whose letters are lost or hidden, with a sentence', async (text, why) => {
  await expect(read(text)).rejects.toMatchObject({ message: expect.stringContaining(why) })
})

it('reads UTF-16 of both byte orders, with and without a mark', async () => {
  for (const encoding of ['utf-16le', 'utf-16be']) {
    for (const text of [CHINESE, `\uFEFF${CHINESE}`]) {
      expect(valuesOf(await read(encodeText(text, encoding)))[1]).toEqual(['不锈钢保温杯', '12.50', '杯.jpg'])
    }
  }
})

it('reports the row of a damaged byte, and reads the others', async () => {
  const bytes = Buffer.from(CHINESE)
  bytes[bytes.indexOf('高') + 1] = 0x41
  expect(valuesOf(await read(bytes))).toEqual([
    ['标题', '价格', '图片'],
    ['不锈钢保温杯', '12.50', '杯.jpg'],
    'The row has bytes that are not valid utf-8.',
  ])
})

it('reads quotation marks and dashes of Windows', async () => {
  expect(valuesOf(await read(Buffer.from('title,image\nKid\x92s mug \x96 \x80,a.jpg\n', 'latin1')))[1]).toEqual([
    'Kid’s mug – €',
    'a.jpg',
  ])
})

it('reads Japanese mail, and refuses letters of an encoding that no decoder knows', async () => {
  const mail = Buffer.from('title,image\n\x1b$B?eE{\x1b(B,a.jpg\n', 'latin1')
  expect(valuesOf(await read(mail))[1]).toEqual(['水筒', 'a.jpg'])
  // What DOS wrote for "Faltschüssel grün, groß".
  const dos = Buffer.from('title,image\nFaltsch\x81ssel gr\x81n gro\xe1,a.jpg\n', 'latin1')
  await expect(read(dos)).rejects.toMatchObject({ message: expect.stringContaining('--encoding') })
})

it('takes the encoding that it is told, and refuses one that does not exist', async () => {
  const bytes = encodeText('title,image\nTasse à thé,a.jpg\n', 'windows-1252')
  expect(valuesOf(await read(bytes, 'iso-8859-2'))[1]).toEqual(['Tasse ŕ thé', 'a.jpg'])
  await expect(read(bytes, 'klingon')).rejects.toMatchObject({ code: 'invalid_input' })
})

it('refuses what no encoding makes sense of', async () => {
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, index) => 1 + ((index * index * 31 + index * 7) % 255)))
  await expect(read(noise)).rejects.toMatchObject({ message: expect.stringContaining('encoding') })
  await expect(read(Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7) % 3)))).rejects.toMatchObject({
    message: expect.stringContaining('not text'),
  })
})

it('takes the separator that the file names, or the one that its lines agree on', async () => {
  expect(valuesOf(await read('sep=|\r\na,b|c\r\nd|e\r\n'))).toEqual([
    ['a,b', 'c'],
    ['d', 'e'],
  ])
  expect(await read('sep=;\na;b\n')).toMatchObject([{ line: 2 }])
  expect(valuesOf(await read('title;price\na, b, c, d;1,5\ne, f;2,5\n'))[1]).toEqual(['a, b, c, d', '1,5'])
  expect(valuesOf(await read('"a", "b, c"\n'))).toEqual([['a', 'b, c']])
})

it('leaves out empty rows and cells at the end', async () => {
  expect(await read('a,b,,,\n,,,,\n\n ,\nc,,,\n')).toEqual([
    { line: 1, cells: [{ value: 'a' }, { value: 'b' }] },
    { line: 5, cells: [{ value: 'c' }] },
  ])
})

it('reports a row beyond any sheet, instead of keeping it in memory', async () => {
  const [, long] = await read(`a,b\nc,${'x'.repeat(1_100_000)}\n`)
  expect(long).toMatchObject({ reason: 'The row has more than a million characters.' })
})
