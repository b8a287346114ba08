/** The prompts: what people start from a menu of their host. Their words are ours and the person's own; never listing text. */
import {
  completable,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import { AppError, asAppError } from '../errors.ts'
import { parseOfferId } from '../offers/id/offer-id.ts'
import type { DetailsResult } from '../offers/results/results.ts'
import { formatInquiry } from '../shape/details/inquiry.ts'
import type { Services } from '../use-cases/use-cases.ts'

/** Ids that one completion offers. */
const COMPLETIONS = 100

/** Quantities that buyers often ask for. */
const USUAL_QUANTITIES = ['50', '100', '200', '500', '1000', '2000', '5000']

/** Places that are known for what they make, as buyers write them. */
const USUAL_PLACES = ['义乌', '广州', '深圳', '东莞', '佛山', '潮州', '泉州', '宁波', '金华', '温州', '杭州', '苏州']

/** Hosts hand a blank field over as an empty text: where it is optional, that is none. */
const quantitySaid = (pattern: RegExp) =>
  completable(z.string().regex(pattern, 'a whole number').describe('Units to buy'), typed =>
    USUAL_QUANTITIES.filter(known => known.startsWith(typed)),
  )
const quantity = quantitySaid(/^[1-9]\d{0,8}$/)
const quantityOrNone = quantitySaid(/^(?:[1-9]\d{0,8})?$/).optional()
const price = z
  .string()
  .regex(/^(?:\d{1,8}(?:\.\d{1,4})?)?$/, 'a number')
  .describe('CNY a unit')
const placeSaid = (meaning: string) =>
  completable(z.string().max(60).describe(meaning), typed => USUAL_PLACES.filter(known => known.startsWith(typed)))

/** Offers the prompts. */
export function registerPrompts(server: McpServer, services: Services): void {
  const offerIds = (typed: string) => services.completeOfferIds({ prefix: typed, limit: COMPLETIONS })
  server.registerPrompt(
    'source_from_photo',
    {
      title: 'Source a product from a photo',
      description: 'From a picture to a shortlist of sellers, compared at the quantity that is wanted.',
      argsSchema: z.object({
        image_url: z.string().min(1).max(4_000).describe('Picture: http(s) address or, over stdio, a path'),
        quantity: quantityOrNone,
        max_unit_price: price.optional(),
        location: placeSaid('City or province').optional(),
      }),
    },
    args => asUser(sourceFromPhoto(args)),
  )
  server.registerPrompt(
    'compare_suppliers',
    {
      title: 'Compare suppliers',
      description: 'Offers beside each other at one quantity, with a recommendation.',
      argsSchema: z.object({
        offer_ids: completable(
          z.string().min(1).max(4_000).describe('Ids or links, separated by commas or blanks'),
          typed => completeLast(typed, offerIds),
        ),
        quantity: quantityOrNone,
        max_unit_price: price.optional(),
      }),
    },
    args => asUser(compareSuppliers(args)),
  )
  registerNegotiation(server, services, offerIds)
}

function registerNegotiation(
  server: McpServer,
  services: Services,
  offerIds: (typed: string) => Promise<string[]>,
): void {
  server.registerPrompt(
    'negotiate_in_chinese',
    {
      title: 'Write to a seller in Chinese',
      description:
        'Drafts the first message to the seller of an offer: price, MOQ, samples, lead time, freight. Spends no credit.',
      argsSchema: z.object({
        offer_id: completable(z.string().min(1).max(4_000).describe('Offer id or link'), offerIds),
        quantity,
        target_price: price.optional(),
        destination: placeSaid('Where it is to be delivered').optional(),
        questions: z.string().max(2_000).optional().describe('What else to ask, in any language'),
      }),
    },
    async (args, context) => asUser(await negotiate(services, args, context)),
  )
}

function sourceFromPhoto(args: {
  image_url: string
  quantity?: string | undefined
  max_unit_price?: string | undefined
  location?: string | undefined
}) {
  const wishes = [
    args.quantity && `quantity ${args.quantity}`,
    args.max_unit_price && `at most ${args.max_unit_price} CNY a unit`,
    args.location && `from ${args.location}`,
  ].filter(wish => wish)
  return `Find who sells the product in this picture on 1688.com: ${args.image_url}
What is wanted: ${wishes.join(', ') || 'the best offers, whatever the quantity'}.

1. search_by_image with that picture${args.max_unit_price ? `, max_price ${args.max_unit_price}` : ''}${args.location ? `, location ${args.location}` : ''}. If the best match is weak, say that nothing alike is known; do not present it as the product.
2. Take up to 8 offers that are the same item or similar. compare_products with dry_run tells what comparing them costs: say it, then compare them${args.quantity ? ` at quantity ${args.quantity}` : ''}.
3. get_product_details for the best two or three: variants, ladder, pictures.
4. Answer with a table (offer, unit price at the quantity, order total, MOQ, place, shop, link), say which prices are headline prices only and what is unknown, recommend one seller and a second source, and list what to ask them.`
}

function compareSuppliers(args: {
  offer_ids: string
  quantity?: string | undefined
  max_unit_price?: string | undefined
}) {
  const ids = args.offer_ids.split(/[\s,;，；]+/).filter(id => id !== '')
  return `Compare these offers of 1688.com${args.quantity ? ` for an order of ${args.quantity} units` : ''}${args.max_unit_price ? `, at most ${args.max_unit_price} CNY a unit` : ''}: ${ids.join(', ')}

1. compare_products with dry_run tells what it costs: say it, then compare them.
2. Answer with a table: unit price at the quantity, smallest order, order total, MOQ, place, shop. Say which prices are headline prices only, what is unknown, and what could not be read.
3. Recommend one and a second source, with the reason in a sentence each; name the risks (a trader that poses as a factory, a price of one variant only, an unknown MOQ).
4. Offer to draft a message to the seller (prompt negotiate_in_chinese).`
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
  const known = await readForFree(services, offerId, context.mcpReq.signal)
  const draft = formatInquiry({
    offerId,
    quantity: Number(args.quantity),
    targetPrice: args.target_price || null,
    destination: args.destination || null,
    known,
  })
  const basis = known
    ? 'Its figures are those of the listing.'
    : 'The listing was not read: it may cost a credit, or cannot be read now. Try get_product_details first, then put its price and MOQ into the message.'
  return `This is a draft of a message to the seller of offer ${offerId} on 1688.com. ${basis}
${args.questions ? `Add these questions, in Chinese: ${args.questions}\n` : ''}Show me the message in Chinese with a translation line by line, and say what I could leave out or ask besides. I send it myself.

${draft}`
}

/** What is known of an offer already; a message is no reason to spend a credit. `null` where it would, or where it cannot be read. */
async function readForFree(services: Services, offerId: string, signal: AbortSignal): Promise<DetailsResult | null> {
  const wishes = { quantity: null, maxMoq: null, maxUnitPrice: null }
  try {
    const { plan } = await services.compareOffers({ references: [offerId], wishes, dryRun: true }, { signal })
    return plan.credits === 0 ? await services.getDetails({ offerId }, { signal }) : null
  } catch (thrown) {
    if (asAppError(thrown).code === 'internal') throw thrown
    return null
  }
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

/** Completes the last of several ids. */
async function completeLast(typed: string, complete: (typed: string) => Promise<string[]>): Promise<string[]> {
  const [, before = '', last = ''] = /^(.*[\s,;，；])?(.*)$/s.exec(typed) ?? []
  return (await complete(last)).map(id => `${before}${id}`)
}

function asUser(text: string) {
  return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] }
}
