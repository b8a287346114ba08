import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findTable } from '../../../src/catalogue/import/columns/header.ts'
import { landedCostOf } from '../../../src/costs/landed-cost.ts'
import { AppError } from '../../../src/errors.ts'
import { compareOffers } from '../../../src/offers/comparison.ts'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import type { OfferDetails } from '../../../src/offers/offer.ts'
import type { CompareResult } from '../../../src/offers/results/comparison-result.ts'
import { SHEET_COLUMNS } from '../../../src/shape/compare/rows.ts'
import { openTable } from '../../../src/sheets/read/open-table.ts'
import type { TableRow } from '../../../src/sheets/read/table.ts'
import { csvOfOffers, pageOfOffers, xlsxOfOffers } from '../../../src/use-cases/buying/offer-files.ts'
import { makeDetails } from '../../support/details.ts'
import { drawnPicture } from '../../support/drawn-pictures.ts'
import { makeTempDir } from '../../support/program.ts'
import { partOf, picturesOf, readWorkbook } from '../../support/xlsx-read.ts'

const FORMULAS = ['=HYPERLINK("http://evil","x")', '+1+1', '-2+3', '@SUM(A1)', '\t=1']

function resultOf(offers: OfferDetails[]): CompareResult {
  const wishes = { quantity: 100, variant: null, maxMoq: null, maxUnitPrice: null }
  return {
    wishes,
    isDryRun: false,
    cost: { offers: offers.length, free: 0, credits: offers.length },
    ...compareOffers(offers, wishes),
    sources: new Map(),
    failures: [
      {
        reference: '=1+1',
        error: new AppError({ code: 'invalid_input', message: 'That is not an ID.', hint: 'Pass one.' }),
      },
    ],
    source: { upstream: 'parse', retrievedAt: 0, ageS: 0, stale: false },
    credits: { spent: 0, remaining: null },
    remarks: [],
  }
}

const MADE = { language: 'en' as const, queryPicture: null, madeAt: 0, version: '1.0.0' }

const unlanded = (offers: OfferDetails[]) => ({ compared: resultOf(offers), landed: null })

describe('files of a comparison', () => {
  const dir = makeTempDir()
  afterAll(() => dir.remove())
  const offers = FORMULAS.map((title, index) =>
    makeDetails(String(70_001 + index), { title, shopName: title, ladder: [[1, `${index + 1}.10`]] }),
  )

  it('hold every offer and every failure, with exact texts', async () => {
    const csv = await csvOfOffers(unlanded([makeDetails('70001', { ladder: [[2, '0.07']], moq: 2 })]))
    const [head, offer, failure] = csv.split('\r\n')
    expect(head).toBe(`\uFEFF${SHEET_COLUMNS.join(',')}`)
    expect(offer).toContain('1,70001,保温杯 70001,0.07,0.07,ladder,100,件,7.00,7.00,2,,yes,')
    expect(failure).toContain("'=1+1")
    expect(failure).toContain('not compared: That is not an ID.')
  })

  it('hold no formula of a listing in CSV', async () => {
    const csv = await csvOfOffers(unlanded(offers))
    const cells = csv.slice(1).split(/\r\n|,/)
    expect(cells.filter(cell => /^"?[=+\-@\t]/.test(cell))).toEqual([])
    expect(csv).toContain("'@SUM(A1)")
  })

  it('hold texts and numbers in XLSX, no formula, and each picture at its row', async () => {
    const file = path.join(dir.path, 'c.xlsx')
    const bytes = await drawnPicture().jpeg().toBuffer()
    const pictures = ['70001', '70003'].map(offerId => ({
      offerId,
      mediaType: 'image/jpeg',
      bytes,
      width: 160,
      height: 120,
    }))
    writeFileSync(file, await xlsxOfOffers(unlanded(offers), pictures, MADE))
    const table = await openTable(file)
    const rows: TableRow[] = []
    for await (const row of table.sheets[0]?.rows() ?? []) rows.push(row)
    const valuesOf = (row: TableRow | undefined) => (row && 'cells' in row ? row.cells.map(({ value }) => value) : [])
    const head = rows.findIndex(row => valuesOf(row)[0] === 'Picture')
    expect(rows).toHaveLength(head + 1 + offers.length + 1)
    expect(valuesOf(rows[head]).slice(0, 5)).toEqual(['Picture', 'No.', 'Offer ID', 'Title', 'Unit price (CNY)'])
    expect(valuesOf(rows[head + 1]).slice(1, 6)).toEqual([1, '70001', FORMULAS[0], 1.1, 1.1])
    const shown = rows.slice(head).map(row => ('cells' in row ? row.cells[0]?.pictures : undefined))
    expect(shown.map(pictures => pictures?.length ?? 0)).toEqual([0, 1, 0, 1, 0, 0, 0])
    expect(await shown[1]?.[0]?.read()).toEqual(bytes)
    await table.close()
  })

  it('say above the table what it is, where it comes from, what to know, and when it was made', async () => {
    const sample = { ...unlanded(offers).compared, remarks: [{ kind: 'sample_data' as const }] }
    const [sheet] = await readWorkbook(await xlsxOfOffers({ compared: sample, landed: null }, [], MADE))
    const lines = sheet?.rows.slice(0, 4).map(row => ('cells' in row ? row.cells[1]?.value : null))
    expect(lines).toEqual([
      'Offers on 1688: 5 compared at 100 units',
      'Source: parse, fetched 1970-01-01 00:00 UTC. Credits spent: 0.',
      expect.stringMatching(/^SAMPLE DATA: /),
      expect.stringContaining('Made by mcp-1688 1.0.0 on 1970-01-01 00:00 UTC'),
    ])
  })

  it('show the photo that was searched by beside the title, small enough for its cell', async () => {
    const bytes = await drawnPicture().jpeg().toBuffer()
    const queryPicture = { bytes, width: 480, height: 120 }
    const written = await xlsxOfOffers(unlanded(offers), [], { ...MADE, queryPicture })
    expect((await picturesOf(written))[0]?.[0]).toEqual([bytes.toString()])
    const [, width, height] =
      /<xdr:ext cx="(\d+)" cy="(\d+)"/.exec(await partOf(written, 'xl/drawings/drawing1.xml')) ?? []
    expect([Number(width) / 9_525, Number(height) / 9_525]).toEqual([160, 40])
  })

  it('are in Chinese throughout on request: notes, reasons and evidence', async () => {
    const details = makeDetails('70001', { moq: 200, evidence: { ...NO_EVIDENCE, badges: ['super_factory'] } })
    const compared = { ...resultOf([details]), remarks: [{ kind: 'sample_data' as const }] }
    const [sheet] = await readWorkbook(await xlsxOfOffers({ compared, landed: null }, [], { ...MADE, language: 'zh' }))
    const texts = sheet?.rows.flatMap(row => ('cells' in row ? row.cells.map(({ value }) => String(value ?? '')) : []))
    expect(texts).toContain('低于起订量')
    expect(texts).toContain('超级工厂')
    expect(texts).toContain('未对比：参数有误')
    expect(texts?.find(text => text.startsWith('示例数据：'))).toBeDefined()
    const page = pageOfOffers({ compared, landed: null }, { ...MADE, thumbnails: new Map(), language: 'zh' })
    expect(page).toContain('<p class="note">=1+1: 参数有误</p>')
  })

  it('have a second sheet of price tiers and variants', async () => {
    const sku = { skuId: '1', name: '红色', price: { text: '3.00', min: 3, max: 3 }, stock: 7 }
    const offer = makeDetails('70001', {
      ladder: [
        [2, '4.00'],
        [50, '3.50'],
      ],
      skus: [sku],
    })
    const book = await readWorkbook(await xlsxOfOffers(unlanded([offer]), [], { ...MADE, language: 'zh' }))
    expect(book.map(({ name }) => name)).toEqual(['货源', '规格与阶梯价'])
    expect(book[1]?.rows.map(row => ('cells' in row ? row.cells.map(({ value }) => value) : []))).toEqual([
      ['商品ID', '标题', '起始数量', '规格', '单价（元）', '最高单价（元）', '库存'],
      ['70001', offer.title, 2, null, 4, 4],
      ['70001', offer.title, 50, null, 3.5, 3.5],
      ['70001', offer.title, null, '红色', 3, 3, 7],
    ])
  })

  it('have a filter over the whole table and links that open, and no others', async () => {
    const offer = makeDetails('70001', { imageUrl: 'https://cbu01.alicdn.com/a.jpg?a=1&b="2"' })
    const own = makeDetails('70002', { imageUrl: 'javascript:alert(1)' })
    const bytes = await xlsxOfOffers(unlanded([offer, own]), [], MADE)
    const xml = await partOf(bytes, 'xl/worksheets/sheet1.xml')
    expect(xml).toMatch(/<autoFilter ref="A4:[A-Z]+7"\/>.*<mergeCells.*<hyperlinks>.*<pageSetup/s)
    const links = await partOf(bytes, 'xl/worksheets/_rels/sheet1.xml.rels')
    expect(links).toContain('Target="https://cbu01.alicdn.com/a.jpg?a=1&#38;b=&#34;2&#34;"')
    expect(links).toContain('Target="https://detail.1688.com/offer/70001.html"')
    expect(links).not.toContain('javascript')
  })

  it.each(['en', 'zh'] as const)('name columns as catalogue import reads them: %s', async language => {
    const offer = makeDetails('70001', { ladder: [[2, '0.07']], moq: 2 })
    const file = path.join(dir.path, `${language}.xlsx`)
    writeFileSync(file, await xlsxOfOffers(unlanded([offer]), [], { ...MADE, language }))
    const table = await openTable(file)
    const { columns } = await findTable(table)
    await table.close()
    const fields = columns.flatMap(({ field, currency }) => (field === null || currency !== undefined ? [] : field))
    expect(fields.toSorted()).toEqual([
      'city',
      'image',
      'link',
      'moq',
      'offer_id',
      'price',
      'province',
      'shop_name',
      'title',
      'unit',
    ])
  })

  it('add landed costs where they were estimated, and no total of what is unknown', async () => {
    const compared = resultOf([makeDetails('70001', { ladder: [[1, '2.00']] }), makeDetails('70002', {})])
    const terms = {
      freightPerKg: null,
      freightPerCbm: null,
      volumetricDivisor: null,
      dutyBasis: 'cif' as const,
      fees: null,
      dutyRate: null,
      vatRate: null,
    }
    const unit = { weightG: null, volumeMm3: null, basis: null }
    const estimated = compared.offers.map(({ details, quote }) => ({
      details,
      quote,
      cost: landedCostOf({ quote, unit, domesticFreight: { value: 1234n, origin: 'argument' }, terms }),
    }))
    const { cost, sources, failures, source, credits } = compared
    const landed = {
      isDryRun: false,
      cost,
      offers: estimated,
      currency: null,
      wantedQuantity: 100,
      unread: null,
      destination: null,
      sources,
      failures,
      source,
      credits,
      remarks: [],
    }
    const [head = '', row = ''] = (await csvOfOffers({ compared, landed })).split('\r\n')
    const cells = row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    const cellOf = (column: string) => cells[head.slice(1).split(',').indexOf(column)]
    expect(cellOf('domestic_freight_cny')).toBe('12.34')
    expect(cellOf('landed_total_high_cny')).toBe('')
    expect(cellOf('landed_cost_lacks')).toBe('"international freight, duty, VAT"')
    const page = pageOfOffers({ compared, landed }, { ...MADE, thumbnails: new Map() })
    expect(page).toContain('Not known: international freight, duty, VAT; the rest is ¥212.34')
  })

  it('hold no markup of a listing in a page', () => {
    const offer = makeDetails('70001', { title: '<img src=x onerror=alert(1)>', ladder: [[1, '2.00']] })
    const page = pageOfOffers(unlanded([offer]), { ...MADE, thumbnails: new Map() })
    expect(page).not.toContain('<img src=x')
    expect(page).toContain('default-src &#39;none&#39;')
  })
})
