import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { cleanText, FIELD_MAX_CHARS } from '../../offers/text.ts'
import { inquirySchema, inquiryText, shapeInquiry } from '../../shape/inquiry/inquiry.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

export const draftInquiry = defineTool({
  name: 'draft_inquiry',
  title: 'Write to a seller in Chinese',
  description:
    'Drafts the first message to the seller of an offer, in Chinese with a line-by-line translation: price, MOQ, stock, samples, freight, ' +
    'packaging. Fills in price and MOQ if the offer was read before. Sends nothing and costs nothing.',
  effect: 'reads',
  input: z.strictObject({
    offer_id: z.string().min(1).max(4_000).describe('Offer ID (digits), listing link or share text'),
    quantity: z.int().min(1).max(1e9).describe('Units to buy'),
    target_price: z.number().min(0.01).max(1e8).optional().describe('CNY per unit to aim for'),
    destination: z.string().min(1).max(FIELD_MAX_CHARS).optional().describe('Chinese city or province of delivery'),
  }),
  output: inquirySchema,
  async handle(input, { services, ...call }) {
    const request = {
      offerId: parseOfferId(input.offer_id),
      quantity: input.quantity,
      targetPrice: input.target_price === undefined ? null : String(input.target_price),
      destination: cleanText(input.destination, FIELD_MAX_CHARS),
    }
    return Reply.success(inquirySchema, shapeInquiry(await services.draftInquiry(request, call)), inquiryText)
  },
})
