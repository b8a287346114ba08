/** The words of the grid, in English and Chinese. */

import type { Unknown } from '../replies/offers.ts'
import type { Price } from '../replies/price.ts'
import type { Note } from '../replies/provenance.ts'

const UNKNOWN_EN: Readonly<Record<Unknown, string>> = {
  price: 'price',
  moq: 'MOQ',
  place: 'location',
  seller: 'kind of seller',
}
const UNKNOWN_ZH: Readonly<Record<Unknown, string>> = {
  price: '价格',
  moq: '起订量',
  place: '所在地',
  seller: '商家类型',
}

const EN = {
  waiting: 'Loading offers…',
  cancelled: 'The request was cancelled.',
  failed: 'The request failed.',
  none: 'No offers to show.',
  noneLeft: 'No offers match these filters.',
  found: (shown: number, total: number | null) =>
    total === null || total === shown ? counted(shown, 'offer') : `${shown} of ${total} offers`,
  passing: (shown: number, all: number) => `${shown} of ${all} shown`,
  sort: 'Sort',
  sortBy: { best: 'Best match', cheap: 'Price: low to high', dear: 'Price: high to low', moq: 'MOQ: low to high' },
  filters: 'Filters',
  likenessOf: { same: 'Same item', probably: 'Probably the same item', similar: 'Similar', unlike: 'Not alike' },
  onlyFactories: 'Factories only',
  sellers: { factory: 'factory', trader: 'trader' },
  ad: 'ad',
  sold: (count: string) => `sold ${count}`,
  repurchase: (percent: number) => `${percent}% buy again`,
  years: (years: number) => `${years} y`,
  usedPhoto: 'The photo searched with',
  otherLanguage: '中文',
  otherCode: 'zh-CN',
  noteOf: ([english]: Note) => english,
  page: (number: number) => `Page ${number}`,
  cost: ({ credits, isMost }: Price) => `${isMost ? 'up to ' : ''}${counted(credits, 'credit')}`,
  paid: (what: string, cost: string) => `${what} for ${cost}`,
  askAgain: (cost: string) => `Search again (may cost ${cost})`,
  close: 'Close',
  openListing: 'Open on 1688',
  read: 'Read the details',
  lot: (size: number) => `lots of ${size}`,
  from: 'From',
  variant: 'Variant',
  stock: 'Stock',
  reviews: 'Reviews',
  currency: 'Currency beside CNY',
  landed: 'Landed',
  without: (parts: readonly string[]) => `Landed cost without ${parts.join(', ')}`,
  export: 'Export',
  maxPrice: 'Price up to ¥',
  maxMoq: 'MOQ up to',
  place: 'Location',
  anyPlace: 'Anywhere',
  clear: 'Clear',
  priceUnknown: 'Price unknown',
  per: (unit: string) => `/ ${unit}`,
  moq: (count: number | null, unit: string | null) => `MOQ ${count ?? '–'} ${unit ?? ''}`.trimEnd(),
  unknown: (values: readonly Unknown[]) => `Not listed: ${values.map(value => UNKNOWN_EN[value]).join(', ')}`,
  select: (title: string) => `Select ${title}`,
  openFailed: 'The listing could not be opened.',
  selected: (count: number) => `${count} selected`,
  quantity: 'Quantity',
  compare: 'Compare',
  comparing: 'Comparing…',
  offer: 'Offer',
  unitPrice: 'Unit price',
  moqHead: 'MOQ',
  orderQuantity: 'Order',
  total: 'Total',
  median: 'median unit price',
  range: 'range',
  smallestOrders: 'Each at its minimum order',
  misses: {
    moq: 'below MOQ',
    lot: 'not a multiple of the lot size',
    max_moq: 'MOQ above your limit',
    max_unit_price: 'price above your limit',
    some_over_max_unit_price: 'some variants above your limit',
    unknown_moq: 'MOQ unknown',
    unknown_price: 'price unknown',
    sold_out: 'sold out',
    not_orderable: 'withdrawn or under review',
    no_such_variant: 'no such variant',
  },
  back: 'Back to offers',
  expand: 'Full screen',
  compared: (count: number) => `${counted(count, 'offer')} compared`,
  stale: 'may be outdated',
  spent: (credits: number) => `${counted(credits, 'credit')} spent`,
  age: (seconds: number) => `as of ${ago(seconds, ['s', 'min', 'h', 'days'])} ago`,
}

export type Labels = Omit<typeof EN, 'misses'> & {
  /** Why an offer does not fit, by the server's code. */
  misses: Readonly<Record<string, string>>
}

const ZH: Labels = {
  waiting: '正在加载货源…',
  cancelled: '请求已取消。',
  failed: '请求失败。',
  none: '没有可显示的货源。',
  noneLeft: '没有符合筛选条件的货源。',
  found: (shown, total) => (total === null || total === shown ? `${shown} 个货源` : `${shown} / ${total} 个货源`),
  passing: (shown, all) => `显示 ${shown} / ${all}`,
  sort: '排序',
  sortBy: { best: '最相似', cheap: '价格从低到高', dear: '价格从高到低', moq: '起订量从低到高' },
  filters: '筛选',
  likenessOf: { same: '同款', probably: '疑似同款', similar: '相似', unlike: '不相似' },
  onlyFactories: '仅工厂',
  sellers: { factory: '工厂', trader: '贸易商' },
  ad: '广告',
  sold: count => `已售 ${count}`,
  repurchase: percent => `复购 ${percent}%`,
  years: years => `${years} 年`,
  usedPhoto: '搜索用的图片',
  otherLanguage: 'English',
  otherCode: 'en',
  noteOf: ([english, chinese]) => chinese ?? english,
  page: number => `第 ${number} 页`,
  cost: ({ credits, isMost }) => `${isMost ? '最多' : ''}消耗 ${credits} 点`,
  paid: (what, cost) => `${what}（${cost}）`,
  askAgain: cost => `重新搜索（可能${cost}）`,
  close: '关闭',
  openListing: '在 1688 打开',
  read: '读取详情',
  lot: size => `每批 ${size}`,
  from: '起批量',
  variant: '规格',
  stock: '库存',
  reviews: '评价',
  currency: '人民币之外的币种',
  landed: '到岸总价',
  without: parts => `到岸总价不含：${parts.join('、')}`,
  export: '导出',
  maxPrice: '最高价 ¥',
  maxMoq: '最大起订量',
  place: '所在地',
  anyPlace: '不限',
  clear: '清除',
  priceUnknown: '价格未知',
  per: unit => `/ ${unit}`,
  moq: (count, unit) => (count === null ? '起订量 –' : `${count} ${unit ?? ''}起批`),
  unknown: values => `未标明：${values.map(value => UNKNOWN_ZH[value]).join('、')}`,
  select: title => `选择 ${title}`,
  openFailed: '无法打开商品页。',
  selected: count => `已选 ${count} 个`,
  quantity: '采购量',
  compare: '对比',
  comparing: '正在对比…',
  offer: '货源',
  unitPrice: '单价',
  moqHead: '起订量',
  orderQuantity: '订货量',
  total: '总价',
  median: '单价中位数',
  range: '范围',
  smallestOrders: '均按各自的起订量',
  misses: {
    moq: '低于起订量',
    lot: '不是整批数量',
    max_moq: '起订量超出上限',
    max_unit_price: '价格超出上限',
    some_over_max_unit_price: '部分规格价格超出上限',
    unknown_moq: '起订量未知',
    unknown_price: '价格未知',
    sold_out: '已售罄',
    not_orderable: '已下架或审核中',
    no_such_variant: '没有该规格',
  },
  back: '返回货源列表',
  expand: '全屏',
  compared: count => `对比 ${count} 个货源`,
  stale: '可能不是最新',
  spent: credits => `消耗 ${credits} 点`,
  age: seconds => `${ago(seconds, ['秒', '分钟', '小时', '天'])}前的数据`,
}

/** Chinese for any Chinese locale (BCP 47), otherwise English. */
export function labelsOf(locale: string): Labels {
  return isChinese(locale) ? ZH : EN
}

export function isChinese(locale: string): boolean {
  return /^zh\b/i.test(locale)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** In the largest whole unit: `"3 min"`. */
function ago(seconds: number, units: readonly [string, string, string, string]): string {
  const [size, unit] = seconds < 60 ? [1, 0] : seconds < 3600 ? [60, 1] : seconds < 172_800 ? [3600, 2] : [86_400, 3]
  return `${Math.round(seconds / size)} ${units[unit]}`
}
