/** Which columns of which sheet are read, as suppliers name and place them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldOf } from '../../../src/catalogue/import/columns/field-of.ts'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'
import { textRow, workbookOf } from '../../support/xlsx-parts.ts'

const PICTURE = 'https://cbu01.alicdn.com/a.jpg'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-columns-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a workbook with several sheets', () => {
  const sheetOf = (title: string, price: string) => [
    ['Product', 'Photo', 'Price'],
    [title, PICTURE, price],
  ]
  const read = async (sheet?: string) => {
    const file = path.join(folder, 'sheets.xlsx')
    const sheets = {
      Cups: sheetOf('Cup', '2'),
      'Mugs 2026': sheetOf('Mug', '3'),
      Terms: [['All prices in USD', 'FOB']],
    }
    const xml = Object.entries(sheets).map(([name, rows]) => ({
      name,
      xml: `<sheetData>${rows.map((cells, index) => textRow(index + 1, cells)).join('')}</sheetData>`,
    }))
    writeFileSync(file, workbookOf(xml))
    const rows = []
    for await (const row of (await openImportFile(file, { ...DRY_IMPORT, sheet })).rows) rows.push(row)
    return rows
  }

  it('is read for the first with offers, and says how to read the others', async () => {
    expect(await read()).toMatchObject([
      { offer: { title: 'Cup', quoted: { text: '2', currency: 'USD' } } },
      { line: 1, reason: expect.stringMatching(/^The sheet "Mugs 2026" has offers, too; .*sheet: "Mugs 2026"/) },
    ])
  })

  it('is read for the one that is named, with the terms of the workbook', async () => {
    expect(await read(' mugs 2026')).toMatchObject([{ offer: { title: 'Mug', quoted: { currency: 'USD' } } }])
    await expect(read('Jugs')).rejects.toMatchObject({
      message: 'The file has no visible sheet "Jugs".',
      hint: 'It has "Cups", "Mugs 2026", "Terms".',
    })
    await expect(read('Terms')).rejects.toThrow('no recognised column')
  })
})

describe('a price', () => {
  const priceUnder = async (header: readonly string[], ...cells: string[]) => {
    const file = path.join(folder, 'prices.csv')
    const line = (values: readonly string[]) => values.map(value => JSON.stringify(value)).join(',')
    writeFileSync(file, ['title', ...header, 'image'].join(',').concat('\n', line(['Cup', ...cells, PICTURE]), '\n'))
    for await (const row of (await openImportFile(file, DRY_IMPORT)).rows)
      if ('offer' in row) return row.offer.quoted?.currency ?? row.offer.price?.text
    return undefined
  }

  it.each([
    ['美金价', 'USD'],
    ['FOB价(USD)', 'USD'],
    ['人民币价', '2.5'],
    ['不含税价', '2.5'],
    ['批发单价（¥）', '2.5'],
    ['priceUSD', 'USD'],
    ['usdPrice', 'USD'],
    ['unit_price_usd', 'USD'],
    ['EK-Preis €', 'EUR'],
    ['Preço unit. R$', 'BRL'],
    ['FOB宁波(USD)', 'USD'],
    ['Price (US cents)', undefined],
    ['单价(万元)', undefined],
    ['单价(分)', undefined],
    ['Price (k VND)', undefined],
    ['Preț (Lei)', 'RON'],
    ['Price in Rupees', undefined],
    ['Prix en euros', 'EUR'],
    ['Ціна грн', 'UAH'],
    ['Price 1', '2.5'],
    ['样品价', undefined],
    ['MSRP (USD)', undefined],
  ])('is read below %s: %s', async (name, read) => {
    expect(await priceUnder([name], '2.5')).toBe(read)
  })

  it('is in the currency that its row names, whatever that column is called', async () => {
    expect(await priceUnder(['price', 'Curr.'], '2.5', 'USD')).toBe('USD')
    expect(await priceUnder(['price', 'Terms of trade'], '2.5', 'US$')).toBe('USD')
    expect(await priceUnder(['price', 'Terms of trade'], '2.5', 'FOB USD Ningbo')).toBe('2.5')
  })

  it('is unknown where it names no currency, and others of its column do', async () => {
    const file = path.join(folder, 'mixed.csv')
    writeFileSync(file, `title,price,image\nCup,$2,${PICTURE}\nMug,$3,${PICTURE}\nJug,4,${PICTURE}\n`)
    const rows = []
    for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) rows.push(row)
    expect(rows[2]).toMatchObject({
      offer: { price: null, quoted: null },
      notes: ['Price unknown: it names no currency, though others of its column are in USD.'],
    })
  })

  it('stays in its currency below a second or third header that names none', async () => {
    const [english, chinese] = [
      ['Product Name', 'Photo', 'Unit Price (USD)'],
      ['产品名称', '图片', '单价'],
    ]
    for (const header of [
      [english, chinese],
      [
        ['产品名称', '图片', '单价(美元)'],
        ['Product Name', 'Photo', 'Price'],
      ],
      [
        ['Product', 'Photo', 'Price'],
        ['', '', 'USD'],
        ['Name', 'Picture', '100'],
      ],
    ]) {
      const file = path.join(folder, 'two.csv')
      writeFileSync(file, [...header, ['Cup', PICTURE, '2.5']].map(cells => cells.join(',')).join('\n'))
      const rows = []
      for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) rows.push(row)
      expect(rows).toMatchObject([{ offer: { price: null, quoted: { text: '2.5', currency: 'USD' } } }])
    }
  })
})

it.each([
  ['商品名,単価,画像', 'マスク,¥1200', undefined],
  ['title,price,image', 'マスク,¥1200', undefined],
  ['title,単価（￥）,image', 'ﾏｽｸ,1200', undefined],
  ['title,price,retail JPY,image', 'Mask,¥12,3000', undefined],
  ['商品名,単価,通貨,画像', 'マスク,12,¥', undefined],
  ['商品名,単価,画像', `マスク,¥1200,${PICTURE}\nマグ,800`, undefined],
  ['商品名,単価(円),画像', 'マスク,¥1200', '1200 JPY'],
  ['商品名,単価(元),画像', 'マスク,¥12', '12'],
  ['标题,单价(¥),图片', '茶の间,12', '12'],
  ['标题,单价,图片', `ハローキティ杯,¥12,${PICTURE}\n${`杯,2,${PICTURE}\n`.repeat(4)}口罩,¥3`, '3'],
])('¥ below %j is yuan only where it cannot be yen: %j is %s', async (header, rows, price) => {
  const file = path.join(folder, 'yen.csv')
  writeFileSync(file, `${header}\n${rows},${PICTURE}\n`)
  const read = []
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) if ('offer' in row) read.push(row)
  const { offer, notes = [] } = read.at(-1) ?? {}
  expect(offer?.quoted ? `${offer.quoted.text} ${offer.quoted.currency}` : offer?.price?.text).toBe(price)
  expect(notes.join()).toMatch(price === undefined ? /¥/ : /^$/)
})

it.each([
  ['164', '[$¥-411]#,##0', 'JPY'],
  ['164', '[$¥-ja-JP]#,##0', 'JPY'],
  ['164', '[$¥-804]#,##0', 'CNY'],
  ['164', '[$€-x-euro2]\\ #,##0.00', 'EUR'],
  ['164', '#,##0.00 [$€-de-DE]', 'EUR'],
  ['164', '[$$-404]#,##0', 'TWD'],
  ['164', '[$$-C09]#,##0', 'AUD'],
  ['164', '[$$-1000409]#,##0', 'USD'],
  ['164', '[$kr-41D]#,##0', 'SEK'],
  ['7', '', 'whatever currency'],
  ['44', '', 'whatever currency'],
  ['10', '', 'percentage'],
])('a number of format %s %s is in %s', async (id, code, currency) => {
  const format = code === '' ? '' : `<numFmt numFmtId="${id}" formatCode="${code.replaceAll('"', '&quot;')}"/>`
  const file = path.join(folder, 'format.xlsx')
  const styles = `<styleSheet><numFmts>${format}</numFmts><cellXfs><xf numFmtId="${id}"/></cellXfs></styleSheet>`
  const cells = `<c r="A2" t="inlineStr"><is><t>Cup</t></is></c><c r="B2" s="0"><v>12</v></c><c r="C2" t="inlineStr"><is><t>${PICTURE}</t></is></c>`
  const xml = `<sheetData>${textRow(1, ['title', 'price', 'image'])}<row r="2">${cells}</row></sheetData>`
  const more = {
    extra: [{ name: 'xl/styles.xml', bytes: styles }],
    relations: [{ id: 's', type: 'styles', target: 'styles.xml' }],
  }
  writeFileSync(file, workbookOf([{ name: 'a', xml }], more))
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) {
    if (!('offer' in row)) throw new Error(row.reason)
    expect(row.offer.quoted?.currency ?? row.notes[0] ?? 'CNY').toContain(currency)
  }
})

it.each([
  [['S/N', 'Item', 'Photo'], { Item: 'title' }],
  [['Item', 'Description', 'Photo'], { Item: 'sku', Description: 'title' }],
  [['品名 Item', '图片 Picture', '起订量 MOQ'], { '品名 Item': 'title' }],
])('the title is found among %j', async (header, fields) => {
  const file = path.join(folder, 'titles.csv')
  writeFileSync(file, `${header.join(',')}\na,b,c\n`)
  const { columns } = await openImportFile(file, DRY_IMPORT)
  expect(Object.fromEntries(columns.map(({ column, field }) => [column, field]))).toMatchObject(fields)
})

it.each([
  '100個~,500個以上',
  'ab 100 Stk,ab 500 Stk',
  '100 шт,от 500 шт',
  '100개,500개 이상',
  '100-499件单价,500件以上单价',
])('columns %s are steps of the price', async names => {
  const file = path.join(folder, 'steps.csv')
  writeFileSync(file, `title,${names},image\nCup,3,2.5,${PICTURE}\n`)
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) {
    const [low, high] = [{ text: '3' }, { text: '2.5' }]
    expect(row).toMatchObject({
      offer: {
        priceTiers: [
          { minQuantity: 100, price: low },
          { minQuantity: 500, price: high },
        ],
      },
    })
  }
})

it.each([
  [
    'title',
    'Productnaam|Název produktu|Όνομα προϊόντος|اسم المنتج|ชื่อสินค้า|Nama barang|Назва товару|Goods Description|Commodity|品名/规格|產品名|Libellé|Номенклатура|품목|アイテム名|Nazwa towaru',
  ],
  [
    'image',
    '封面图|Kuva|תמונה|صورة|รูปภาพ|Gambar|Kép|Photo Link|Image 1|样品图|Foto del producto|Фото товара|Zdjęcia|Ảnh sản phẩm|제품사진|画像URL',
  ],
  [
    'price',
    'Price 1|进货价|採購價|卸値|Hinta|מחיר|السعر|ราคา|Harga|Egységár|Ex-works price|结算价|P.U.|Precio neto|Закупочная цена|Alış fiyatı|Cena zakupu|도매가|仕入単価',
  ],
  [
    'moq',
    'MOQ1|起售数量|MOQ pcs/ctn|最小订货量|Min. Bestellmenge|Ordine minimo|Минимальное количество|최소주문량|最低ロット',
  ],
  ['shop_name', 'Vendor name|生产商|廠商|Société|Empresa|Компания|Üretici|Dostawca|제조사|供給元'],
  ['link', 'Web link|商品鏈接|Enlace del producto|Odnośnik|상품 URL|商品リンク'],
  ['sku', 'Style #|編號|Art.-Nr.|Code article|Cod. art.|Код товара|Kod produktu|모델명|型番'],
  ['units_per', 'Packing (pcs/ctn)|每箱装数|Stück/Karton|Pezzi per cartone|Штук в коробке|Koli içi|박스당 수량'],
  ['currency', 'Curr.|幣別|Divisa|Döviz|Waluta'],
  ['image', '1. Photo|Foto/Photo|Bild / Picture|Pictrue'],
  [
    undefined,
    'MOQ2|Price 2|Qty 1|Stone|Score|Units|Peso|Style|Carton size|Product size|样品价|Lead time|Unit weight|公司地址|Количество|MOQ remark',
  ],
])('columns of %s are known by many names', (field, names) => {
  for (const name of names.split('|')) expect([name, fieldOf(name)]).toEqual([name, field])
})
