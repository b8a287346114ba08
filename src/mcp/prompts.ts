/** The prompts that people start from a menu of their host. They never contain listing text. */
import {
  completable,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import { parseOfferId } from '../offers/id/offer-id.ts'
import { draftInquiry } from '../shape/inquiry/draft.ts'
import type { Services } from '../use-cases/use-cases.ts'
import { completeOfferId } from './offer-id-completions.ts'
import type { HasTool } from './resources.ts'

const USUAL_QUANTITIES = ['50', '100', '200', '500', '1000', '2000', '5000']

/** Manufacturing and wholesale centres, as buyers write them. */
const USUAL_PLACES = ['义乌', '广州', '深圳', '东莞', '佛山', '潮州', '泉州', '宁波', '金华', '温州', '杭州', '苏州']

/** Hosts send an empty string for a field left blank, so the optional form accepts one. */
const quantityArgument = (pattern: RegExp) =>
  completable(z.string().regex(pattern, 'must be a whole number').describe('Units to buy'), typed =>
    USUAL_QUANTITIES.filter(known => known.startsWith(typed)),
  )
const quantity = quantityArgument(/^[1-9]\d{0,8}$/)
const optionalQuantity = quantityArgument(/^(?:[1-9]\d{0,8})?$/).optional()
const price = z
  .string()
  .regex(/^(?:\d{1,8}(?:\.\d{1,4})?)?$/, 'must be a number')
  .describe('CNY per unit')
const placeArgument = (description: string) =>
  completable(z.string().max(60).describe(description), typed => USUAL_PLACES.filter(known => known.startsWith(typed)))

/** Only prompts whose tools this server offers. */
export function registerPrompts(server: McpServer, services: Services, has: HasTool): void {
  const offerIds = completeOfferId(services)
  const canRead = has('get_product_details')
  const canCompare = canRead && has('compare_products')
  if (canCompare && has('search_by_image')) registerSourcing(server, has)
  if (canCompare) registerComparison(server, offerIds, has)
  if (canRead) registerNegotiation(server, services, offerIds)
}

type CompleteIds = (typed: string) => Promise<string[]>

function registerSourcing(server: McpServer, has: HasTool): void {
  server.registerPrompt(
    'source_from_photo',
    {
      title: 'Source a product from a photo',
      description:
        'From a picture to a shortlist of sellers, compared at your quantity, with supplier check and landed cost.',
      argsSchema: z.object({
        image_url: z.string().min(1).max(4_000).describe('Picture: an http(s) URL or, over stdio, a path'),
        quantity: optionalQuantity,
        max_unit_price: price.optional(),
        location: placeArgument('City or province').optional(),
      }),
    },
    args => asUser(sourceFromPhoto(args, has)),
  )
}

function registerComparison(server: McpServer, offerIds: CompleteIds, has: HasTool): void {
  server.registerPrompt(
    'compare_suppliers',
    {
      title: 'Compare suppliers',
      description: 'Offers side by side at one quantity, with a recommendation.',
      argsSchema: z.object({
        offer_ids: completable(
          z.string().min(1).max(4_000).describe('IDs or links, separated by commas or spaces'),
          typed => completeLast(typed, offerIds),
        ),
        quantity: optionalQuantity,
        max_unit_price: price.optional(),
      }),
    },
    args => asUser(compareSuppliers(args, has('draft_inquiry') ? 'draft_inquiry' : 'prompt negotiate_in_chinese')),
  )
}

function registerNegotiation(server: McpServer, services: Services, offerIds: CompleteIds): void {
  server.registerPrompt(
    'negotiate_in_chinese',
    {
      title: 'Write to a seller in Chinese',
      description:
        'Drafts the first message to the seller of an offer: price, MOQ, samples, lead time, freight. Spends no credits.',
      argsSchema: z.object({
        offer_id: completable(z.string().min(1).max(4_000).describe('Offer ID or link'), offerIds),
        quantity,
        target_price: price.optional(),
        destination: placeArgument('City or province of delivery').optional(),
        questions: z.string().max(2_000).optional().describe('Further questions, in any language'),
      }),
    },
    async (args, context) => asUser(await negotiate(services, args, context)),
  )
}

function sourceFromPhoto(
  args: {
    image_url: string
    quantity?: string | undefined
    max_unit_price?: string | undefined
    location?: string | undefined
  },
  has: HasTool,
) {
  const wishes = [
    args.quantity && `quantity ${args.quantity}`,
    args.max_unit_price && `at most ${args.max_unit_price} CNY per unit`,
    args.location && `from ${args.location}`,
  ].filter(wish => wish)
  const steps = [
    'get_product_details for the best two or three: variants, quantity prices, pictures.',
    ...(has('get_supplier')
      ? [
          'get_supplier for the same two or three: factory or trader, years, scores. Ask before you spend more than the one credit each.',
        ]
      : []),
    ...(has('estimate_landed_cost')
      ? [
          'Ask me where the goods go and for my rates (freight per kg or m3, duty, VAT), then estimate_landed_cost. Where a rate is unknown, show the subtotal and say what it lacks; never guess a rate.',
        ]
      : []),
    'Answer with a table (offer, unit price at the quantity, order total, landed cost if it is known, MOQ, place, shop, who the seller is, link). Say which prices are headline prices only and what is unknown. Recommend one seller and a second source, and list what to ask them.',
  ]
  return `Find who sells the product in this picture on 1688.com: ${args.image_url}
Requirements: ${wishes.join(', ') || 'the best offers at any quantity'}.

1. search_by_image with that picture${args.max_unit_price ? `, max_price ${args.max_unit_price}` : ''}${args.location ? `, location ${args.location}` : ''}. If no offer is the same item or probably is, say that the product was not found, and do not present another as the product.
2. Take up to 8 offers that are the same item or similar. Call compare_products with dry_run and state the cost, then compare them${args.quantity ? ` at quantity ${args.quantity}` : ''}.
${steps.map((step, index) => `${index + 3}. ${step}`).join('\n')}`
}

function compareSuppliers(
  args: { offer_ids: string; quantity?: string | undefined; max_unit_price?: string | undefined },
  drafting: string,
) {
  const ids = args.offer_ids.split(/[\s,;，；]+/).filter(id => id !== '')
  return `Compare these offers on 1688.com${args.quantity ? ` for an order of ${args.quantity} units` : ''}${args.max_unit_price ? `, at most ${args.max_unit_price} CNY per unit` : ''}: ${ids.join(', ')}

1. Call compare_products with dry_run and state the cost, then compare them.
2. Answer with a table: unit price at the quantity, smallest order, order total, MOQ, place, shop. Say which prices are headline prices only, what is unknown, and what could not be read.
3. Recommend one seller and a second source, each with a reason in one sentence. Name the risks (a trader posing as a factory, a price for one variant only, an unknown MOQ).
4. Offer to draft a message to the seller (${drafting}).`
}

async function negotiate(
  services: Services,
  args: {
    offer_id: string
    quantity: string
    target_price?: string | undefined
    destination?: string | undefined
    questions?: string | undefined
  },
  context: ServerContext,
): Promise<string> {
  const offerId = offerIdOf(args.offer_id)
  const inquiry = await services.draftInquiry(
    {
      offerId,
      quantity: Number(args.quantity),
      targetPrice: args.target_price || null,
      destination: args.destination || null,
    },
    { signal: context.mcpReq.signal },
  )
  const basis = inquiry.known
    ? 'Its figures come from the listing.'
    : 'The listing was not read, because reading it may cost a credit or is not possible now. Call get_product_details first, then add its price and MOQ to the message.'
  const draft = draftInquiry(inquiry).map(({ chinese }) => chinese)
  return `Here is a draft message to the seller of offer ${offerId} on 1688.com. ${basis}
${args.questions ? `Add these questions, in Chinese: ${args.questions}\n` : ''}Show me the message in Chinese with a line-by-line translation, and say what I could leave out and what else I could ask. I will send it myself.

${draft.join('\n')}`
}

function offerIdOf(text: string): string {
  try {
    return parseOfferId(text)
  } catch (thrown) {
    if (thrown instanceof AppError)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${thrown.message} ${thrown.hint}`)
    throw thrown
  }
}

/** Completes the last of several IDs. */
async function completeLast(typed: string, complete: (typed: string) => Promise<string[]>): Promise<string[]> {
  const [, before = '', last = ''] = /^(.*[\s,;，；])?(.*)$/s.exec(typed) ?? []
  return (await complete(last)).map(id => `${before}${id}`)
}

function asUser(text: string) {
  return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] }
}
