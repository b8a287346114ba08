/** Remarks in Chinese, for documents. Instead of an error's message, which is in English, they say what its code means. */
import type { FilteredValue, SortOrder } from '../../../offers/filters.ts'
import type { Pack } from '../../../offers/price/pack.ts'
import type { FilterRemark, Likeness, Remark } from '../../../offers/results/results.ts'
import { ERRORS_ZH } from './errors-zh.ts'
import type { RemarkWords } from './remark-words.ts'

export const REMARKS_ZH: RemarkWords = {
  sample_data: () =>
    '示例数据：均为虚构货源，无法下单。要搜索整个 1688，请配置 open1688 或 TMAPI；Parse 只涵盖防晒用品和口罩。',
  own_only: ({ isEmpty }) =>
    isEmpty
      ? '只搜索导入的货源，但目前一个也没有：请用 mcp-1688 catalogue import 导入文件，或配置 open1688 或 TMAPI。'
      : '只搜索了导入的货源，未搜索 1688。',
  nothing_alike: ({ isSure }) => (isSure ? '没有已知的相似货源。' : '没有找到很接近的货源：其中可能没有该商品本身。'),
  older_vectors: ({ offers }) => `${offers} 个货源由旧版图片模型比对；正在后台重新比对。`,
  own_matches: ownMatches,
  several_things: ({ regions }) =>
    `照片中似乎有 ${regions.length} 件物品；可用 region 只搜索其中一件：${regions.map(({ x, y, width, height }) => `"${x},${y},${width},${height}"`).join('、')}。`,
  picture_cut: () => '图片文件末尾缺失；已用现有部分比对。',
  picture_kept: ({ reference, ageS }) =>
    `使用的是 ${ageS} 秒前读取的“${reference}”图片；不带 max_credits: 0 重新请求第 1 页时会重新读取。`,
  photo_failed: ({ position, code }) => `未使用第 ${position} 张照片：${ERRORS_ZH[code]}。`,
  photo_search_failed: ({ upstream, position, code }) =>
    `未能在 ${upstream} 用第 ${position} 张照片搜索：${ERRORS_ZH[code]}。`,
  photos_not_searched: ({ upstream, positions, credits }) =>
    `未在 ${upstream} 用第 ${positions.join('、')} 张照片搜索，这些照片只用于排序；如需搜索，请用 max_credits: ${credits} 重新请求。`,
  index_incomplete: indexIncomplete,
  pictures_pending: ({ pending }) => `还有 ${pending} 张图片未比对；稍后免费重新搜索即可包含更多。`,
  pictures_failed: ({ failed }) => `${failed} 个货源未能比对：无法获取图片。`,
  upstream_failed: ({ code }) => `这是较早的结果，未能获取新结果：${ERRORS_ZH[code]}。`,
  imported_instead: ({ code }) => `内容来自导入的文件，未能读取 1688 上的商品页：${ERRORS_ZH[code]}。`,
  passed_over: ({ upstream, code }) =>
    code === 'picture_refused'
      ? `未向 ${upstream} 请求：${ERRORS_ZH[code]}。`
      : `先请求了 ${upstream}，但未能得到结果：${ERRORS_ZH[code]}。`,
  filtered,
  sorted,
  more_unread: ({ upstream, looked, credits }) =>
    `只查看了 ${upstream} 的 ${looked} 个货源；下一页${credits === 0 ? '免费' : `消耗 ${credits} 点`}。`,
  page_failed: ({ upstream, looked, code }) =>
    `本页不完整：已读取 ${looked} 个货源，${upstream} 的下一页无法读取：${ERRORS_ZH[code]}。`,
  titles_searched: ({ known }) => `只搜索了本地目录中 ${known} 个货源的标题，未搜索整个 1688。`,
  no_key: ({ upstream }) => `无法使用 ${upstream}：未设置其 API 密钥。`,
  limits_not_shared: () => '无法写入额度账本，因此不计入使用同一密钥的其他进程的调用。',
  ledger_damaged: () => '额度账本已损坏，因此不会发出付费请求；详情见 mcp-1688 doctor。',
  catalogue_in_memory: () => '目录文件无法使用，服务停止后新货源会丢失。',
  history_not_kept: () => '未保存价格变化：无法写入数据文件夹中的 own.db（或数据库）。',
  replies_set_aside: ({ file }) =>
    `结果缓存已损坏并已重建：原本可由缓存回答的请求可能再次消耗点数。损坏的文件保存为数据文件夹中的 ${file}。`,
  catalogue_set_aside: ({ file, mayHoldImports }) =>
    `目录已损坏并已重建。损坏的文件保存为数据文件夹中的 ${file}。${mayHoldImports ? '请重新导入您的货源，或从该文件恢复。' : ''}`,
  imports_restored: importsRestored,
  unknown_variable: ({ name, nearest }) =>
    `环境变量 ${name} 不存在，已忽略${nearest ? `：您是否想用 ${nearest}？` : '。'}`,
  headline_prices: ({ offers, compared, quantity }) =>
    `${compared} 个货源中有 ${offers} 个只有商品主价，没有阶梯价：${quantity === null ? '' : `采购 ${quantity} 件时，`}卖家的报价可能不同。`,
  places_taken: ({ places }) => `所在地理解为${places.join('或')}。`,
  part_failed: ({ part, code }) => `未获取${partOf(part)}：${ERRORS_ZH[code]}。`,
  quotes_converted: ({ offers }) => `${offers} 个外币报价已按本结果所列汇率换算。`,
  priced_by_pack: ({ offerId, price, currency, name, units }) =>
    `${offerId} 的报价为每${PACKS[name]}（${units} 件）${price} ${currency}；价格已换算为单件，须按整${PACKS[name]}订购。`,
  shop_of_search: () => '店铺名来自搜索结果：商品详情中没有店铺名。',
}

const PACKS: Readonly<Record<Pack['name'], string>> = { carton: '箱', dozen: '打', box: '盒', pack: '包', set: '套' }

const VALUES: Readonly<Record<FilteredValue, string>> = {
  price: '价格',
  MOQ: '起订量',
  place: '所在地',
  'kind of seller': '商家类型',
}

const SORTS: Readonly<Record<SortOrder, string>> = {
  best_match: '最相似',
  price_asc: '价格从低到高',
  price_desc: '价格从高到低',
  sales: '销量',
  repurchase: '复购率',
}

export const LIKENESS_ZH: Readonly<Record<Likeness, string>> = {
  'same item': '同款',
  'probably the same item': '疑似同款',
  similar: '相似',
  'not alike': '不相似',
}

/** Arguments of a search that filter. */
const FILTERS: Readonly<Record<string, string>> = {
  min_price: '最低价',
  max_price: '最高价',
  max_moq: '最大起订量',
  location: '所在地',
  seller: '商家类型',
}

/** Parts of an answer that are asked for separately. */
const PARTS: Readonly<Record<string, string>> = {
  reviews: '评价',
  sales: '销量',
  description_pictures: '描述图片',
  'domestic freight': '国内运费',
}

function partOf(part: string): string {
  return PARTS[part] ?? part.replace('exchange rate for', '汇率')
}

function namesOf(filters: readonly string[]): string {
  return filters.map(name => FILTERS[name] ?? name).join('、')
}

function indexIncomplete({ fetched, total, creditsToFinish }: Extract<Remark, { kind: 'index_incomplete' }>): string {
  const cost = creditsToFinish === null ? '获取第一页后才知道费用' : `消耗 ${creditsToFinish} 点`
  if (fetched > 0)
    return `数据源索引中的 ${total ?? '未知数量的'} 个货源只获取了 ${fetched} 个；其余由 sync_catalogue 获取（${cost}）。`
  if (total === null) return `尚未获取数据源的索引；可由 sync_catalogue 获取（${cost}）。`
  return `数据源索引的副本需要更新；可由 sync_catalogue 重新获取（${cost}）。`
}

function importsRestored({ file, restored, lost }: Extract<Remark, { kind: 'imports_restored' }>): string {
  const rest = lost === null ? '无法得知原来是否还有更多' : lost === 0 ? '没有丢失' : `${lost} 个无法恢复，请重新导入`
  const kept = file === null ? '' : `损坏的文件保存为数据文件夹中的 ${file}。`
  return `导入货源的文件${file === null ? '缺失' : '已损坏'}。已从副本和可读部分恢复 ${restored} 个；${rest}。${kept}`
}

function filtered({ upstream, there, here, looked, fitting, unlisted, values }: FilterRemark): string {
  const by = [
    ...(there.length > 0 ? [`由 ${upstream} 筛选：${namesOf(there)}。`] : []),
    ...(upstream !== null && here.length > 0 ? [`在本地筛选：${namesOf(here)}。`] : []),
  ].join('')
  const what = upstream === null ? `${looked} 个货源` : `查看的 ${looked} 个货源`
  const missing = values.map(value => VALUES[value]).join('或')
  return `${by}${what}中 ${fitting} 个符合条件。${unlisted === 0 ? '' : `另有 ${unlisted} 个未标明${missing}，排在其后。`}`
}

function sorted({ sort, by, within }: Extract<Remark, { kind: 'sorted' }>): string {
  if (by !== null) return `由 ${by} 排序：${SORTS[sort]}。`
  if (within === 'page') return `在本页内排序：${SORTS[sort]}。`
  if (within === 'alike') return `相似货源按${SORTS[sort]}排序，其余在后。`
  return `在本地排序：${SORTS[sort]}。`
}

function ownMatches({ offers, more }: Extract<Remark, { kind: 'own_matches' }>): string {
  const named = offers.map(({ offerId, title, likeness }) => {
    const word = likeness === null ? '' : `${likenessOf(likeness)}：`
    return `${offerId}（${word}${title}）`
  })
  return `除本页外，导入的货源中也有相符的：${[...named, ...(more === 0 ? [] : [more === null ? '还有其他' : `另有 ${more} 个`])].join('；')}。`
}

function likenessOf(likeness: string): string {
  return Object.entries(LIKENESS_ZH).find(([name]) => name === likeness)?.[1] ?? likeness
}
