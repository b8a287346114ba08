/**
 * The first message to a seller, in Chinese. It holds only our sentences and numbers, so that no listing text gets into
 * it.
 */
import { formatAmount, formatRange, parseAmount } from '../../offers/price/money.ts'
import { quoteOffer } from '../../offers/quote.ts'
import type { DetailsResult } from '../../offers/results/results.ts'
import { linkOf } from '../text/links.ts'

export interface Inquiry {
  offerId: string
  /** Units. */
  quantity: number
  /** CNY per unit, as a decimal. */
  targetPrice: string | null
  destination: string | null
  known: DetailsResult | null
}

export function formatInquiry(inquiry: Inquiry): string {
  const { offerId, known, quantity } = inquiry
  const unit = unitOf(known)
  const link = linkOf(offerId, known?.source.upstream ?? '')
  const questions = [
    priceQuestion(inquiry, unit),
    ...targetQuestion(inquiry, unit),
    ...minimumQuestion(known, quantity, unit),
    '是否有现货？下单后几天可以发货？大货交期是多久？',
    '可以先寄样品吗？样品费和运费怎么算，下单后能否退还？',
    `报价是否含税、含运费？能否开增值税发票？${inquiry.destination ? `发到${inquiry.destination}的运费是多少？` : ''}`,
    '单件的尺寸、毛重和装箱数是多少？可以定制标签或包装吗？',
  ]
  return [
    `您好！我对贵店的这款产品很感兴趣：${link ?? `商品编号 ${offerId}`}`,
    '想请教以下几点：',
    ...questions.map((question, index) => `${index + 1}. ${question}`),
    '谢谢，期待您的回复！',
  ].join('\n')
}

/** Listing text: used only if it can be nothing but a measure word. */
function unitOf(known: DetailsResult | null): string {
  const unit = known?.details.unit ?? ''
  return /^\p{Script=Han}{1,2}$/u.test(unit) ? unit : '件'
}

function priceQuestion({ known, quantity }: Inquiry, unit: string): string {
  const ask = `我们计划采购 ${quantity} ${unit}，最优单价是多少？`
  const quote = known && quoteOffer(known.details, { quantity, variant: null })
  if (!quote?.unitPrice) return ask
  const price = `${formatRange(quote.unitPrice)} 元`
  if (quote.basis !== 'ladder') return `${ask}页面标价是 ${price}，这个数量还能优惠吗？`
  return quote.orderQuantity === quantity
    ? `${ask}页面上这个数量的价格是 ${price}。`
    : `${ask}页面上最低起订时的价格是 ${price}。`
}

function targetQuestion({ targetPrice, quantity }: Inquiry, unit: string): string[] {
  const target = targetPrice === null ? null : parseAmount(targetPrice)
  if (target === null) return []
  const total = formatAmount(target * BigInt(quantity))
  return [
    `我们的目标单价是 ${formatAmount(target)} 元（${quantity} ${unit}合计 ${total} 元）。如果这个数量做不到，采购多少可以做到？`,
  ]
}

function minimumQuestion(known: DetailsResult | null, quantity: number, unit: string): string[] {
  if (known === null || known.details.moq === null) return ['起批量是多少？可以混批吗？']
  const { moq, lotSize } = known.details
  const lot = lotSize === null || quantity % lotSize === 0 ? '' : `是否必须按 ${lotSize} ${unit}的倍数订购？`
  if (quantity >= moq) return lot === '' ? [] : [lot]
  return [`页面起批量是 ${moq} ${unit}，首单可以先做 ${quantity} ${unit}吗？${lot}`]
}
