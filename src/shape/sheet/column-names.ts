/** The columns of sheets as people read them; `catalogue import` knows these names, too. */
import type { Language } from '../report/language.ts'
import { PRICE_BASES } from '../text/words/price-basis.ts'
import { LIKENESS_ZH } from '../text/words/remarks-zh.ts'

/** In English and Chinese, with the width in characters. */
const COLUMNS: Readonly<Record<string, readonly [en: string, zh: string, width: number]>> = {
  photo: ['Searched by photo', '搜索照片', 23],
  picture: ['Picture', '图片', 23],
  rank: ['No.', '序号', 6],
  product: ['Product', '产品序号', 9],
  query: ['Searched by', '搜索内容', 24],
  quantity: ['Quantity wanted', '采购量', 11],
  status: ['Status', '状态', 24],
  likeness: ['Match', '匹配', 20],
  similarity: ['Similarity', '相似度', 11],
  offer_id: ['Offer ID', '商品ID', 15],
  title: ['Title', '标题', 40],
  unit_price_low_cny: ['Unit price (CNY)', '单价（元）', 12],
  unit_price_high_cny: ['Highest unit price (CNY)', '最高单价（元）', 12],
  quoted: ['Quoted as', '原报价', 14],
  price_basis: ['Price taken from', '价格依据', 15],
  order_quantity: ['Order quantity', '订货量', 11],
  unit: ['Unit', '单位', 8],
  order_total_low_cny: ['Order total (CNY)', '订单总价（元）', 14],
  order_total_high_cny: ['Highest order total (CNY)', '最高订单总价（元）', 14],
  moq: ['MOQ', '起订量', 9],
  lot_size: ['Lot size', '每批数量', 9],
  fits: ['Fits', '是否符合', 24],
  shop_name: ['Shop', '店铺', 28],
  province: ['Province', '省份', 11],
  city: ['City', '城市', 11],
  sold: ['Sold', '销量', 12],
  repurchase_rate: ['Repurchase rate', '复购率', 11],
  years_on_1688: ['Years on 1688', '入驻年限', 9],
  seller_kind: ['Kind of seller', '商家类型', 10],
  seller_badges: ['Badges', '商家标识', 18],
  shop_has_products: ['Shop also has products', '同店还有产品', 16],
  source: ['Source', '数据源', 11],
  url: ['Link', '链接', 42],
  image_url: ['Picture URL', '图片链接', 42],
  domestic_freight_cny: ['Domestic freight (CNY)', '国内运费（元）', 13],
  international_freight_cny: ['International freight (CNY)', '国际运费（元）', 13],
  duty_high_cny: ['Duty (CNY)', '关税（元）', 12],
  vat_high_cny: ['VAT (CNY)', '增值税（元）', 12],
  fees_cny: ['Fees (CNY)', '杂费（元）', 12],
  landed_total_low_cny: ['Landed total (CNY)', '到岸总成本（元）', 14],
  landed_total_high_cny: ['Highest landed total (CNY)', '最高到岸总成本（元）', 14],
  landed_unit_high_cny: ['Landed per unit (CNY)', '到岸单件成本（元）', 13],
  landed_cost_lacks: ['Landed cost lacks', '到岸成本缺少', 36],
  variant: ['Variant', '规格', 32],
  from_quantity: ['From quantity', '起始数量', 11],
  stock: ['Stock', '库存', 10],
}

export interface NamedColumn {
  key: string
  name: string
  width: number
  kind: 'plain' | 'wrapped' | 'money' | 'percent' | 'link'
}

export function namedColumn(key: string, language: Language): NamedColumn {
  const [en, zh, width] = COLUMNS[key] ?? [key, key, 14]
  return { key, name: language === 'zh' ? zh : en, width, kind: kindOf(key) }
}

function kindOf(key: string): NamedColumn['kind'] {
  if (key.endsWith('_cny')) return 'money'
  if (key === 'repurchase_rate' || key === 'similarity') return 'percent'
  if (key === 'url' || key === 'image_url') return 'link'
  return key === 'title' || key === 'fits' || key === 'variant' ? 'wrapped' : 'plain'
}

/** Where nothing is known of any row, a column would only take space. */
const KEPT = new Set(['offer_id', 'title', 'unit_price_low_cny', 'moq', 'shop_name'])

export function columnsWithValues(
  keys: readonly string[],
  rows: readonly Readonly<Record<string, string | number | null>>[],
  language: Language,
): NamedColumn[] {
  return keys
    .filter(key => KEPT.has(key) || rows.some(row => valueIn(key, row[key] ?? null, language) !== null))
    .map(key => namedColumn(key, language))
}

const NAMES = {
  en: { offers: 'Offers', tiers: 'Variants and price tiers', products: 'Shortlists' },
  zh: { offers: '货源', tiers: '规格与阶梯价', products: '候选货源' },
} as const

export function sheetNames(language: Language) {
  return NAMES[language]
}

/** The other codes are English words. */
const VALUES_EN: Readonly<Record<string, string>> = PRICE_BASES

const VALUES_ZH: Readonly<Record<string, string>> = {
  ...LIKENESS_ZH,
  ladder: '阶梯价',
  variant: '所选规格',
  variants: '各规格',
  headline: '商品主价',
  unknown: '未知',
  yes: '符合',
  factory: '工厂',
  trader: '贸易商',
}

/** Codes as words; other values stay. No address that opens nowhere, as that of a sample's picture. */
export function valueIn(key: string, value: string | number | null, language: Language): string | number | null {
  if (typeof value !== 'string') return value
  if (kindOf(key) === 'link') return /^https?:/.test(value) ? value : null
  if (!CODED.has(key)) return value
  return (language === 'zh' ? VALUES_ZH : VALUES_EN)[value] ?? value
}

/** Columns whose values are ours. */
const CODED = new Set(['likeness', 'price_basis', 'fits', 'seller_kind'])
