import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE } from '../../../src/offers/evidence/evidence.ts'
import type { RankedOffer, SearchResult } from '../../../src/offers/results/results.ts'
import { binPrices, countPlaces, medianOf } from '../../../src/shape/report/figures.ts'
import { type Report, reportPage } from '../../../src/shape/report/report.ts'
import { html } from '../../../src/shape/text/html.ts'

const PRODUCT: RankedOffer = {
  offer: {
    offerId: '791912182230',
    title: '保温杯',
    price: { text: '2.88-25.65', min: 2.88, max: 25.65 },
    moq: 2,
    unit: '件',
    shopName: '示例',
    city: '金华市',
    province: '浙江省',
    imageUrl: null,
  },
  source: 'parse',
  similarity: 0.93,
  likeness: 'same item',
  unlisted: [],
}
const product = (offer: Partial<RankedOffer['offer']>): RankedOffer => ({
  ...PRODUCT,
  offer: { ...PRODUCT.offer, ...offer },
})
const result = (products: RankedOffer[], more: Partial<SearchResult> = {}): SearchResult => ({
  products,
  page: 1,
  pageSize: 20,
  totalFound: 734,
  query: 'cup.jpg',
  match: { method: 'visual', compared: 700, known: 734, embedder: 'm', best: 'same item' },
  source: { upstream: 'parse', retrievedAt: 0, ageS: 90, stale: true },
  credits: { spent: 1, remaining: 99 },
  remarks: [{ kind: 'pictures_failed', failed: 34 }],
  ...more,
})
const pageOf = (search: Report['result'], more: Partial<Report> = {}) =>
  reportPage({
    result: search,
    queryPicture: new Uint8Array([1]),
    thumbnails: new Map([['791912182230', new Uint8Array([2])]]),
    showsAll: false,
    language: 'en',
    madeAt: 0,
    version: '9.9.9',
    ...more,
  })

describe('prices in bins', () => {
  it('have round widths and count every price once', () => {
    expect(binPrices([2, 3, 9, 14.5, 21])).toEqual([
      { from: 2, to: 4, offers: 2 },
      { from: 4, to: 6, offers: 0 },
      { from: 6, to: 8, offers: 0 },
      { from: 8, to: 10, offers: 1 },
      { from: 10, to: 12, offers: 0 },
      { from: 12, to: 14, offers: 0 },
      { from: 14, to: 16, offers: 1 },
      { from: 16, to: 18, offers: 0 },
      { from: 18, to: 20, offers: 0 },
      { from: 20, to: 22, offers: 1 },
    ])
    const price = fc.double({ min: 0.01, max: 1e8, noNaN: true })
    fc.assert(
      fc.property(fc.array(price, { maxLength: 60 }), prices => {
        const bins = binPrices(prices)
        expect(bins.reduce((sum, bin) => sum + bin.offers, 0)).toBe(prices.length)
        expect(bins.length).toBeLessThanOrEqual(14)
        for (const [index, bin] of bins.entries()) expect(bin.from).toBe(index === 0 ? bin.from : bins[index - 1]?.to)
      }),
    )
  })

  it('put far higher prices in a last bin without an upper end', () => {
    const bins = binPrices([1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 500])
    expect(bins.at(-1)).toEqual({ from: 5.5, to: null, offers: 1 })
    expect(binPrices([9.9])).toHaveLength(1)
    expect(binPrices([99_999_999.99, 99_999_999.991, 99_999_999.992]).length).toBeLessThan(3)
    expect(binPrices([])).toEqual([])
  })

  it('have a median between the two middle values of an even number', () => {
    expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([])]).toEqual([2, 2.5, null])
  })
})

describe('places', () => {
  it('are counted, most offers first, then other and unknown ones', () => {
    const cities = Array.from({ length: 10 }, (_, index) => product({ city: `${index}市`, province: null }))
    const nowhere = product({ city: null, province: null })
    expect(countPlaces([nowhere, PRODUCT, PRODUCT, ...cities])).toEqual([
      { name: '浙江省 金华市', kind: 'place', offers: 2 },
      ...cities.slice(0, 7).map(({ offer }) => ({ name: offer.city, kind: 'place', offers: 1 })),
      { name: null, kind: 'others', offers: 3 },
      { name: null, kind: 'unknown', offers: 1 },
    ])
  })
})

describe('the report', () => {
  it('says where its offers come from, how old they are, how they were matched and what they cost', () => {
    const page = pageOf(result([PRODUCT]))
    expect(page).toContain('1 of 734 offers, ranked by similarity to the picture, 700 of 734 known offers compared.')
    expect(page).toContain('Source: parse, fetched 1970-01-01 00:00 UTC (may be out of date). Credits spent: 1.')
    expect(page).toContain('34 offers could not be compared')
    expect(page).toContain('href="https://detail.1688.com/offer/791912182230.html"')
  })

  it('takes its figures only from what is the same or probably the same item', () => {
    const socks = {
      ...product({ offerId: '70002', price: { text: '1.55', min: 1.55, max: 1.55 } }),
      likeness: 'similar' as const,
    }
    const twin = {
      ...product({ offerId: '70003', price: { text: '4', min: 4, max: 4 } }),
      likeness: 'probably the same item' as const,
    }
    const page = pageOf(result([PRODUCT, twin, socks]))
    expect(page).toContain('Of 2 offers that are the same or probably the same item:')
    expect(page).toContain('<dt>Lowest unit price</dt><dd>¥2.88</dd>')
    expect(page).toContain('<dt>Median unit price</dt><dd>¥3.44</dd>')
    expect(page).not.toContain('<figure>')
    expect(pageOf(result([PRODUCT, twin, { ...twin, likeness: 'same item' }]))).toContain('<figure>')
    const none = pageOf(result([socks]))
    expect(none).toContain('there are no price figures')
    expect(none).not.toContain('<dl')
  })

  it('leaves out what is not alike unless all is asked for, and says how many', () => {
    const other = { ...product({ offerId: '70002', title: '袜子' }), likeness: 'not alike' as const }
    const page = pageOf(result([PRODUCT, other]))
    expect(page).not.toContain('袜子')
    expect(page).toContain('1 offer that is not alike was left out; --all adds them.')
    const all = pageOf(result([PRODUCT, other]), { showsAll: true })
    expect(all).toContain('<h2>Not alike <span>1</span></h2>')
    expect(all).not.toContain('left out')
    expect(pageOf(result([other]))).toContain('<h2>No offer that looks like the photo was found.</h2>')
  })

  it('says in its heading whose offers they are', () => {
    const own = { ...PRODUCT, source: 'import' }
    expect(pageOf(result([own]))).toContain('<h1>Offers in your own catalogue like cup.jpg</h1>')
    expect(pageOf(result([own, PRODUCT]))).toContain('<h1>Offers on 1688 and in your own catalogue like cup.jpg</h1>')
    expect(pageOf(result([{ ...PRODUCT, source: 'sample' }]))).toContain('<h1>Sample offers like cup.jpg</h1>')
  })

  it('shows prices in a second currency, and what a seller quotes in another one', () => {
    const usd = { code: 'USD', rate: { value: 7_200_000n, origin: 'ecb' as const }, date: '2026-11-27', isStale: false }
    const page = pageOf({ ...result([PRODUCT]), otherCurrency: usd })
    expect(page).toContain('0.40–3.56 USD')
    expect(page).toContain('1 USD = 7.2 CNY (ecb, 2026-11-27)')
    expect(pageOf(result([product({ price: null, quoted: { text: '3.20', currency: 'USD' } })]))).toContain('3.20 USD')
  })

  it('is written in Chinese on request', () => {
    const evidence = { ...NO_EVIDENCE, repurchaseRate: 0.13, sellerKind: 'factory' as const, yearsOn1688: 7 }
    const page = pageOf(result([product({ evidence })]), { language: 'zh' })
    expect(page).toContain('复购率 13%、工厂、入驻 7 年')
    expect(page).toContain('<html lang="zh-CN">')
    expect(page).toContain('<h1>与 cup.jpg 相似的 1688 货源</h1>')
    expect(page).toContain('<h2>同款 <span>1</span></h2>')
    expect(page).toContain('<p class="note">34 个货源未能比对：无法获取图片。</p>')
  })

  it('shows missing values as unknown', () => {
    const bare = { price: null, moq: null, unit: null, shopName: null, city: null, province: null }
    const page = pageOf(result([{ ...product(bare), similarity: null, likeness: null }]))
    expect(page).toContain('price unknown')
    expect(page).not.toMatch(/¥|null|undefined|NaN|>0</)
    expect(pageOf(result([], { totalFound: 0 }))).toContain('Nothing was found.')
  })

  it('escapes all text', () => {
    const count = (page: string, tag: string) => page.split(`<${tag}`).length
    const usual = pageOf(result([PRODUCT]))
    fc.assert(
      fc.property(fc.stringMatching(/^[<>"'&=`a-z /!-]{1,40}$/), text => {
        const page = pageOf(result([product({ title: text, shopName: text, city: text, unit: text })], { query: text }))
        for (const tag of ['script', 'img', 'a ', 'svg', 'li', '/main', '/style', '!--'])
          expect(count(page, tag)).toBe(count(usual, tag))
      }),
    )
    expect(html`<p title="${'"><b>'}">${['<i>', null, html`<br>`, 0]}</p>`.markup).toBe(
      '<p title="&#34;&#62;&#60;b&#62;">&#60;i&#62;<br>0</p>',
    )
  })
})
