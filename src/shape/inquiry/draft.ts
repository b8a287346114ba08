/**
 * The first message to a seller, in Chinese with its translation. It holds only our sentences, numbers and what the
 * buyer typed, so that no listing text gets into it.
 */
import { isOwnId } from '../../offers/id/own-id.ts'
import { formatAmount, formatRange, parseAmount } from '../../offers/price/money.ts'
import { type Quote, quoteOffer } from '../../offers/quote.ts'
import type { DetailsResult, InquiryResult } from '../../offers/results/results.ts'
import { linkOf } from '../text/links.ts'

export interface InquiryLine {
  chinese: string
  english: string
}

export function draftInquiry(inquiry: InquiryResult): InquiryLine[] {
  const { offerId, known } = inquiry
  const unit = unitOf(known)
  const link = linkOf(offerId, known?.source.upstream ?? '')
  const questions = [
    priceQuestion(inquiry, unit),
    ...targetQuestion(inquiry, unit),
    ...minimumQuestion(inquiry, unit),
    line(
      '是否有现货？下单后几天可以发货？大货交期是多久？',
      'Is it in stock? How many days after the order do you ship? What is the lead time for a bulk order?',
    ),
    line(
      '可以先寄样品吗？样品费和运费怎么算，下单后能否退还？',
      'Can you send a sample first? What do sample and shipping cost, and is that refunded after an order?',
    ),
    freightQuestion(inquiry),
    line(
      '单件的尺寸、毛重和装箱数是多少？可以定制标签或包装吗？',
      'What are the size and gross weight of one piece, and how many are in a carton? Can labels or packaging be customised?',
    ),
  ]
  // The ID of an imported offer says nothing to its supplier.
  const item = isOwnId(offerId)
    ? line('【商品名称或货号】', '[its name or article number]')
    : line(`商品编号 ${offerId}`, `item ${offerId}`)
  return [
    line(
      `您好！我对贵店的这款产品很感兴趣：${link ?? item.chinese}`,
      `Hello! I am interested in this product of yours: ${link ?? item.english}`,
    ),
    line('想请教以下几点：', 'I have a few questions:'),
    ...questions.map(({ chinese, english }, index) => line(`${index + 1}. ${chinese}`, `${index + 1}. ${english}`)),
    line('谢谢，期待您的回复！', 'Thank you, I look forward to your reply!'),
  ]
}

/** What the draft takes from the listing, so that a buyer can check it. */
export function filledInFrom({ known, quantity }: InquiryResult): string[] {
  if (known === null) return []
  const { moq, lotSize } = known.details
  const quote = quoteOffer(known.details, { quantity, variant: null })
  return [
    ...(quote.unitPrice ? [`${PRICE_NAMES[priceKindOf(quote, quantity)]} ${formatRange(quote.unitPrice)} CNY`] : []),
    ...(moq === null ? [] : [`MOQ ${moq}`]),
    ...(lotSize === null || quantity % lotSize === 0 ? [] : [`lots of ${lotSize}`]),
  ]
}

type PriceKind = 'this_quantity' | 'minimum_order' | 'headline'

const PRICE_NAMES: Readonly<Record<PriceKind, string>> = {
  this_quantity: 'price at this quantity',
  minimum_order: 'price at the minimum order',
  headline: 'listed price',
}

function priceKindOf({ basis, orderQuantity }: Quote, quantity: number): PriceKind {
  if (basis !== 'ladder') return 'headline'
  return orderQuantity === quantity ? 'this_quantity' : 'minimum_order'
}

/** Listing text: used only if it can be nothing but a measure word. */
function unitOf(known: DetailsResult | null): string {
  const unit = known?.details.unit ?? ''
  return /^\p{Script=Han}{1,2}$/u.test(unit) ? unit : '件'
}

function priceQuestion({ known, quantity }: InquiryResult, unit: string): InquiryLine {
  const chinese = `我们计划采购 ${quantity} ${unit}，最优单价是多少？`
  const english = `We plan to buy ${quantity} (${unit}). What is your best unit price?`
  const quote = known && quoteOffer(known.details, { quantity, variant: null })
  if (!quote?.unitPrice) return line(chinese, english)
  const price = formatRange(quote.unitPrice)
  const more = {
    this_quantity: line(`页面上这个数量的价格是 ${price} 元。`, `The listing shows ${price} CNY at this quantity.`),
    minimum_order: line(
      `页面上最低起订时的价格是 ${price} 元。`,
      `The listing shows ${price} CNY at the minimum order.`,
    ),
    headline: line(
      `页面标价是 ${price} 元，这个数量还能优惠吗？`,
      `The listed price is ${price} CNY. Is there a discount at this quantity?`,
    ),
  }[priceKindOf(quote, quantity)]
  return line(`${chinese}${more.chinese}`, `${english} ${more.english}`)
}

function targetQuestion({ targetPrice, quantity }: InquiryResult, unit: string): InquiryLine[] {
  const target = targetPrice === null ? null : parseAmount(targetPrice)
  if (target === null) return []
  const price = formatAmount(target)
  const total = formatAmount(target * BigInt(quantity))
  return [
    line(
      `我们的目标单价是 ${price} 元（${quantity} ${unit}合计 ${total} 元）。如果这个数量做不到，采购多少可以做到？`,
      `Our target price is ${price} CNY each (${total} CNY for ${quantity}). If that is not possible at this quantity, at which is it?`,
    ),
  ]
}

function minimumQuestion({ known, quantity }: InquiryResult, unit: string): InquiryLine[] {
  if (known === null || known.details.moq === null) {
    return [line('起批量是多少？可以混批吗？', 'What is the minimum order? Can variants be mixed?')]
  }
  const { moq, lotSize } = known.details
  const lot =
    lotSize === null || quantity % lotSize === 0
      ? null
      : line(`是否必须按 ${lotSize} ${unit}的倍数订购？`, `Must the order be a multiple of ${lotSize}?`)
  if (quantity >= moq) return lot === null ? [] : [lot]
  const first = line(
    `页面起批量是 ${moq} ${unit}，首单可以先做 ${quantity} ${unit}吗？`,
    `The listed minimum order is ${moq}. Could a first order be ${quantity}?`,
  )
  return [lot === null ? first : line(`${first.chinese}${lot.chinese}`, `${first.english} ${lot.english}`)]
}

function freightQuestion({ destination }: InquiryResult): InquiryLine {
  const chinese = '报价是否含税、含运费？能否开增值税发票？'
  const english = 'Does the price include tax and freight? Can you issue a VAT invoice?'
  return destination === null
    ? line(chinese, english)
    : line(`${chinese}发到${destination}的运费是多少？`, `${english} What does freight to ${destination} cost?`)
}

function line(chinese: string, english: string): InquiryLine {
  return { chinese, english }
}
