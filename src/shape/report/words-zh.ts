import type { Miss } from '../../offers/comparison.ts'
import { shapeCurrency } from '../text/currency.ts'
import { COST_PARTS_ZH, costPartsZh } from '../text/words/cost-parts-zh.ts'
import { ERRORS_ZH } from '../text/words/errors-zh.ts'
import { BADGES_ZH, briefEvidenceZh, evidenceZh } from '../text/words/evidence-zh.ts'
import { queryZh } from '../text/words/query-zh.ts'
import { LIKENESS_ZH, REMARKS_ZH } from '../text/words/remarks-zh.ts'
import type { Origin, Words } from './words.ts'

const OFFERS: Readonly<Record<Origin, string>> = {
  '1688': '1688 货源',
  own: '自有目录货源',
  both: '1688 及自有目录货源',
  sample: '示例货源',
}

const MISSES: Readonly<Record<Miss, string>> = {
  moq: '低于起订量',
  lot: '不是整批数量',
  max_moq: '起订量超出上限',
  max_unit_price: '价格超出上限',
  some_over_max_unit_price: '部分规格价格超出上限',
  unknown_moq: '起订量未知',
  unknown_price: '价格未知',
  sold_out: '已售罄',
  not_orderable: '已下架或审核中',
  no_such_variant: '没有唯一对应的规格',
}

export const ZH: Words = {
  like: (origin, query) => `与 ${queryZh(query)} 相似的${afterHan(OFFERS[origin])}`,
  compared: (origin, count, quantity) =>
    `${OFFERS[origin]}：对比 ${count} 个，${quantity === null ? '均按各自的起订量' : `采购量 ${quantity}`}`,
  named: (origin, query) => `“${query}”的${afterHan(OFFERS[origin])}`,
  shortlists: products => `${products} 个产品的候选货源`,
  queryPicture: '用来搜索的图片',
  found: (shown, total, page, method) =>
    `${total === null ? `${shown} 个货源` : `共 ${total} 个货源，显示 ${shown} 个`}${page > 1 ? `（第 ${page} 页）` : ''}，${method}。`,
  method: {
    visual: (compared, known) => `按与图片的相似度排序，已比对 ${known} 个已知货源中的 ${compared} 个`,
    upstream: '按数据源的图片匹配顺序',
    none: '按索引顺序；未比对图片',
  },
  ranked: (isByTotal, isAllKnown) =>
    `符合条件的在前，${isByTotal ? '订单总价' : '单价'}低的在前${isAllKnown ? '' : '，未知的在后'}。`,
  provenance: (upstream, fetched, isStale, credits) =>
    `数据源：${upstream}${fetched === null ? '' : `，获取于 ${fetched}`}${isStale ? '（可能不是最新）' : ''}。消耗 ${credits} 点。`,
  rate: currency => {
    const { code, cny, from, date, stale } = shapeCurrency(currency)
    return `1 ${code} = ${cny} 元（${[from, date, stale && '已超过一周'].filter(part => part).join('，')}）。`
  },
  over: (count, what) =>
    what === 'matches' ? `在 ${count} 个同款或疑似同款货源中：` : `在 ${count} 个价格已知的货源中：`,
  noMatch: '没有同款或疑似同款货源，因此不列价格数据。',
  notCompared: '这些货源的图片未与照片比对，因此不列价格数据。',
  leftOut: count => `未列出 ${count} 个不相似的货源；用 --all 列出。`,
  lowest: '最低单价',
  median: '单价中位数',
  range: '单价范围',
  smallestMoq: '最小起订量',
  best: '最佳匹配',
  likeness: LIKENESS_ZH,
  offers: '货源',
  charts: '图表',
  byPrice: '最低单价分布（元）',
  byPlace: '所在地分布',
  otherPlaces: '其他',
  unknownPlace: '未知',
  noOffers: '没有货源',
  nothing: '没有找到货源。请换一张图片，或减少筛选条件。',
  noneAlike: '没有找到与照片相似的货源。',
  priceUnknown: '价格未知',
  similar: '相似',
  moq: '起订量',
  totalFor: quantity => `${quantity} 件合计`,
  own: '自有目录',
  landed: '到岸成本',
  landedLead: '根据商品信息和您自己的费率估算，单位为人民币元；金额为区间时取上限。',
  offer: '货源',
  quantity: '数量',
  total: '合计',
  perUnit: '每件',
  part: part => COST_PARTS_ZH[part],
  lacks: (parts, rest) => `未知：${costPartsZh(parts)}${rest === null ? '' : `；其余 ¥${rest}`}`,
  misses: misses => misses.map(miss => MISSES[miss]).join('、'),
  costParts: costPartsZh,
  evidence: evidenceZh,
  briefEvidence: briefEvidenceZh,
  badges: badges => badges.map(badge => BADGES_ZH[badge]).join('、'),
  remarks: REMARKS_ZH,
  failure: ({ code }) => ERRORS_ZH[code],
  status: {
    found: '已找到',
    left: why => `未完成：${why}`,
    failed: why => `失败：${why}`,
    notCompared: why => `未对比：${why}`,
  },
  foot: '价格为人民币，以获取时卖家的标价为准；搜索结果常显示最便宜规格的价格。“–”表示未知，不是零。下单前请向卖家确认。',
  made: (version, date) =>
    `标题、店铺名和图片来自第三方商品页。由 mcp-1688 ${version} 制作于 ${date}；与 1688.com 无隶属关系。`,
}

/** A number is set off by a blank. */
function afterHan(text: string): string {
  return /^\d/.test(text) ? ` ${text}` : text
}
