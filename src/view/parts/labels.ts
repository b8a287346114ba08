/** The words of the grid, in English and Chinese. */
import type { Unknown } from '../replies/offers.ts'
import type { Price } from '../replies/price.ts'
import type { Note } from '../replies/provenance.ts'
import { isChinese } from './locale.ts'

/** Of a reply. */
interface Problem {
  text: string
  problemZh: string | null
}

type Both<Word> = readonly [english: Word, chinese: Word]

const UNKNOWN: Readonly<Record<Unknown, Both<string>>> = {
  price: ['price', '价格'],
  moq: ['MOQ', '起订量'],
  place: ['location', '所在地'],
  seller: ['kind of seller', '商家类型'],
}

/** Why an offer does not fit, by the server's code. */
const MISSES: Readonly<Record<string, Both<string>>> = {
  moq: ['below MOQ', '低于起订量'],
  lot: ['not in whole lots', '不是整批数量'],
  max_moq: ['MOQ above your limit', '起订量超出上限'],
  max_unit_price: ['price above your limit', '价格超出上限'],
  some_over_max_unit_price: ['some variants above your limit', '部分规格价格超出上限'],
  unknown_moq: ['MOQ unknown', '起订量未知'],
  unknown_price: ['price unknown', '价格未知'],
  sold_out: ['sold out', '已售罄'],
  not_orderable: ['withdrawn or under review', '已下架或审核中'],
  no_such_variant: ['no such variant', '没有该规格'],
}

const SORTS = {
  best: ['Best match', '最相似'],
  cheap: ['Price: low to high', '价格从低到高'],
  dear: ['Price: high to low', '价格从高到低'],
  moq: ['MOQ: low to high', '起订量从低到高'],
} satisfies Record<string, Both<string>>

const LIKENESSES = {
  same: ['Same item', '同款'],
  probably: ['Probably the same item', '疑似同款'],
  similar: ['Similar', '相似'],
  unlike: ['Not alike', '不相似'],
} satisfies Record<string, Both<string>>

const SELLERS = { factory: ['factory', '工厂'], trader: ['trader', '贸易商'] } satisfies Record<string, Both<string>>

const WORDS = {
  waiting: ['Loading…', '正在加载…'],
  cancelled: ['Cancelled.', '已取消。'],
  none: ['No offers to show.', '没有可显示的货源。'],
  noneLeft: ['No offers match these filters.', '没有符合筛选条件的货源。'],
  sort: ['Sort', '排序'],
  filters: ['Filters', '筛选'],
  onlyFactories: ['Factories only', '仅工厂'],
  ad: ['ad', '广告'],
  usedPhoto: ['The photo searched with', '搜索用的图片'],
  otherLanguage: ['中文', 'English'],
  otherCode: ['zh-CN', 'en'],
  close: ['Close', '关闭'],
  openListing: ['Open on 1688', '在 1688 打开'],
  read: ['Read the details', '读取详情'],
  from: ['From', '起批量'],
  variant: ['Variant', '规格'],
  stock: ['Stock', '库存'],
  reviews: ['Reviews', '评价'],
  currency: ['Currency beside CNY', '人民币之外的币种'],
  landed: ['Landed', '到岸总价'],
  export: ['Export', '导出'],
  maxPrice: ['Price up to ¥', '最高价 ¥'],
  maxMoq: ['MOQ up to', '最大起订量'],
  place: ['Location', '所在地'],
  anyPlace: ['Anywhere', '不限'],
  clear: ['Clear', '清除'],
  priceUnknown: ['Price unknown', '价格未知'],
  openFailed: ['Could not be opened:', '无法打开：'],
  quantity: ['Quantity', '采购量'],
  compare: ['Compare', '对比'],
  comparing: ['Comparing…', '正在对比…'],
  offer: ['Offer', '货源'],
  unitPrice: ['Unit price', '单价'],
  moqHead: ['MOQ', '起订量'],
  orderQuantity: ['Order', '订货量'],
  total: ['Total', '总价'],
  median: ['median unit price', '单价中位数'],
  range: ['range', '范围'],
  smallestOrders: ['Each at its minimum order', '均按各自的起订量'],
  back: ['Back to offers', '返回货源列表'],
  expand: ['Full screen', '全屏'],
  stale: ['may be outdated', '可能不是最新'],
} satisfies Record<string, Both<string>>

const SENTENCES = {
  found: both(
    (shown: number, total: number | null) =>
      total === null || total === shown ? counted(shown, 'offer') : `${shown} of ${total} offers`,
    (shown, total) => (total === null || total === shown ? `${shown} 个货源` : `${shown} / ${total} 个货源`),
  ),
  passing: both(
    (shown: number, all: number) => `${shown} of ${all} shown`,
    (shown, all) => `显示 ${shown} / ${all}`,
  ),
  sold: both(
    (count: string) => `sold ${count}`,
    count => `已售 ${count}`,
  ),
  repurchase: both(
    (percent: number) => `${percent}% buy again`,
    percent => `复购 ${percent}%`,
  ),
  years: both(
    (years: number) => `${years} y`,
    years => `${years} 年`,
  ),
  noteOf: both(
    ([english]: Note) => english,
    ([english, chinese]) => chinese ?? english,
  ),
  problem: both(
    ({ text }: Problem) => text || 'The request failed.',
    ({ text, problemZh }) => problemZh ?? (text || '请求失败。'),
  ),
  page: both(
    (number: number) => `Page ${number}`,
    number => `第 ${number} 页`,
  ),
  cost: both(
    ({ credits, isMost }: Price) => `${isMost ? 'up to ' : ''}${counted(credits, 'credit')}`,
    ({ credits, isMost }) => `${isMost ? '最多' : ''}消耗 ${credits} 点`,
  ),
  paid: both(
    (what: string, cost: string) => `${what} for ${cost}`,
    (what, cost) => `${what}（${cost}）`,
  ),
  askAgain: both(
    (cost: string) => `Search again (may cost ${cost})`,
    cost => `重新搜索（可能${cost}）`,
  ),
  lot: both(
    (size: number) => `lots of ${size}`,
    size => `每批 ${size}`,
  ),
  without: both(
    ([english]: Note) => `Landed cost without ${english}`,
    ([english, chinese]) => `到岸总价不含：${chinese ?? english}`,
  ),
  moq: both(
    (count: number | null, unit: string | null) => `MOQ ${count ?? '–'} ${unit ?? ''}`.trimEnd(),
    (count, unit) => (count === null ? '起订量 –' : `${count} ${unit ?? ''}起批`),
  ),
  unknown: both(
    (values: readonly Unknown[]) => `Not listed: ${values.map(value => UNKNOWN[value][0]).join(', ')}`,
    values => `未标明：${values.map(value => UNKNOWN[value][1]).join('、')}`,
  ),
  select: both(
    (title: string) => `Select ${title}`,
    title => `选择 ${title}`,
  ),
  selected: both(
    (count: number) => `${count} selected`,
    count => `已选 ${count} 个`,
  ),
  compared: both(
    (count: number) => `${counted(count, 'offer')} compared`,
    count => `对比 ${count} 个货源`,
  ),
  spent: both(
    (credits: number) => `${counted(credits, 'credit')} spent`,
    credits => `消耗 ${credits} 点`,
  ),
  age: both(
    (seconds: number) => `as of ${ago(seconds, ['s', 'min', 'h', 'days'])} ago`,
    seconds => `${ago(seconds, ['秒', '分钟', '小时', '天'])}前的数据`,
  ),
}

export type Labels = ReturnType<typeof labelsIn>

const [EN, ZH] = [labelsIn(0), labelsIn(1)]

export function labelsOf(locale: string): Labels {
  return isChinese(locale) ? ZH : EN
}

function labelsIn(language: 0 | 1) {
  return {
    ...inOne(WORDS, language),
    ...inOne(SENTENCES, language),
    sortBy: inOne(SORTS, language),
    likenessOf: inOne(LIKENESSES, language),
    sellers: inOne(SELLERS, language),
    misses: inOne(MISSES, language),
  }
}

function both<Word>(english: Word, chinese: NoInfer<Word>): Both<Word> {
  return [english, chinese]
}

function inOne<Words extends Record<string, Both<unknown>>>(
  words: Words,
  language: 0 | 1,
): { readonly [Name in keyof Words]: Words[Name][0] }
function inOne(words: Record<string, Both<unknown>>, language: 0 | 1): Record<string, unknown> {
  return Object.fromEntries(Object.entries(words).map(([name, each]) => [name, each[language]]))
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** In the largest whole unit: `"3 min"`. */
function ago(seconds: number, units: readonly [string, string, string, string]): string {
  const [size, unit] = seconds < 60 ? [1, 0] : seconds < 3600 ? [60, 1] : seconds < 172_800 ? [3600, 2] : [86_400, 3]
  return `${Math.round(seconds / size)} ${units[unit]}`
}
