import * as z from 'zod'
import { parseAmount } from '../../offers/price/money.ts'
import { quoteOffer } from '../../offers/quote.ts'
import type { InquiryResult } from '../../offers/results/results.ts'
import {
  creditsSchema,
  creditsText,
  provenanceLine,
  shapeCredits,
  shapeSource,
  sourceSchema,
} from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { omitUnknown } from '../text/values.ts'
import { draftInquiry, filledInFrom } from './draft.ts'

export const inquirySchema = z.object({
  offer_id: z.string(),
  lines: z.array(z.object({ chinese: z.string(), english: z.string() })),
  from_listing: z.array(z.string()),
  note: z.string().optional(),
  next: z.string(),
  /** Of what is from the listing. */
  source: sourceSchema.optional(),
  credits: creditsSchema,
})

export type InquiryValue = z.output<typeof inquirySchema>

export function shapeInquiry(inquiry: InquiryResult): InquiryValue {
  const { offerId, known, credits } = inquiry
  return {
    offer_id: offerId,
    lines: draftInquiry(inquiry),
    from_listing: filledInFrom(inquiry),
    ...omitUnknown({ note: noteWith(inquiry) }),
    next:
      known === null
        ? 'The listing was not read: that costs a credit, or failed. To add its price and MOQ, call get_product_details, then this again.'
        : 'Show the buyer both languages. The buyer sends it: nothing was sent.',
    ...omitUnknown({ source: known === null ? null : shapeSource(known.source) }),
    credits: shapeCredits(credits),
  }
}

/** A seller who is offered more than the listing asks would take it. */
function noteWith({ known, quantity, targetPrice }: InquiryResult): string | null {
  if (known === null) return null
  const target = targetPrice === null ? null : parseAmount(targetPrice)
  const { unitPrice } = quoteOffer(known.details, { quantity, variant: null })
  const isAbove = target !== null && unitPrice !== null && target > unitPrice.high
  const notes = [
    noteOf(known.remarks),
    isAbove ? 'The target price is above what the listing asks: lower it or leave it out.' : null,
  ]
  return notes.filter(note => note !== null).join(' ') || null
}

export function inquiryText(value: InquiryValue): string {
  return [
    `draft message to the seller of offer ${value.offer_id}:`,
    ...value.lines.map(({ chinese }) => chinese),
    '',
    'translation:',
    ...value.lines.map(({ english }) => english),
    '',
    `from the listing: ${value.from_listing.join('; ') || 'nothing'}`,
    ...(value.note ? [`note: ${value.note}`] : []),
    value.source ? provenanceLine(value.source, value.credits) : creditsText(value.credits),
    `next: ${value.next}`,
  ].join('\n')
}
