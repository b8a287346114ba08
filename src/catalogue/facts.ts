/**
 * What is known of an offer beyond the columns of its row, as one flat JSON object without unknown values. Both
 * databases merge a newer answer into it key by key, so a value of several parts is an array, which is replaced whole.
 */
import * as z from 'zod'
import { type Evidence, evidence, NO_EVIDENCE } from '../offers/evidence/evidence.ts'
import type { OfferSummary } from '../offers/offer.ts'
import { priceTierSchema } from '../offers/price/ladder.ts'
import { packSchema } from '../offers/price/pack.ts'

type Facts = Pick<OfferSummary, 'titleTranslated' | 'priceTiers' | 'quoted' | 'pack' | 'evidence'>

const { sold: _sold, serviceScores: _scores, badges: _badges, ...plain } = evidence.shape
const stored = z
  .object({
    titleTranslated: z.string(),
    priceTiers: z.array(priceTierSchema),
    /** Text and currency; empty if the price is in CNY now. */
    quoted: z.array(z.string()),
    /** Name, units and price; empty if the price is for a piece now. */
    pack: z.array(z.unknown()),
    badges: evidence.shape.badges,
    sold: z.tuple([z.string(), z.number(), z.number().nullable()]),
    serviceScores: z.array(z.number().nullable()).length(6),
  })
  .extend(plain)
  .partial()

const NO_EVIDENCE_OF: ReadonlySet<string> = new Set(['titleTranslated', 'priceTiers', 'quoted', 'pack'])

/** `null` if there is nothing to store. */
export function factsToJson({ titleTranslated, priceTiers, quoted, pack, evidence }: Facts): string | null {
  const { sold, serviceScores: scores, badges = [], ...rest } = evidence ?? NO_EVIDENCE
  const entries = Object.entries({
    ...rest,
    titleTranslated,
    priceTiers: priceTiers?.length ? priceTiers : null,
    quoted: quoted === null ? [] : quoted && [quoted.text, quoted.currency],
    pack: pack === null ? [] : pack && [pack.name, pack.units, pack.price],
    badges: badges.length > 0 ? badges : null,
    sold: sold && [sold.text, sold.atLeast, sold.days],
    serviceScores: scores && [
      scores.composite,
      scores.goods,
      scores.logistics,
      scores.dispute,
      scores.afterSales,
      scores.consultation,
    ],
  }).filter(([, value]) => value !== null && value !== undefined)
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries))
}

/** What cannot be read counts as unknown. */
export function factsFromJson(json: string | null): Facts {
  const facts = json === null ? undefined : stored.safeParse(parseJson(json)).data
  if (facts === undefined) return {}
  const { titleTranslated, priceTiers, quoted = [], pack = [], sold, serviceScores, ...rest } = facts
  const [text, currency] = quoted
  const [name, units, price] = pack
  const packed = packSchema.safeParse({ name, units, price }).data
  const [composite = null, goods = null, logistics = null, dispute = null, afterSales = null, consultation = null] =
    serviceScores ?? []
  const known: Evidence = {
    ...NO_EVIDENCE,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(sold ? { sold: { text: sold[0], atLeast: sold[1], days: sold[2] } } : {}),
    ...(serviceScores ? { serviceScores: { composite, goods, logistics, dispute, afterSales, consultation } } : {}),
  }
  const hasEvidence = Object.keys(facts).some(key => !NO_EVIDENCE_OF.has(key))
  return {
    ...(titleTranslated === undefined ? {} : { titleTranslated }),
    ...(priceTiers === undefined ? {} : { priceTiers }),
    ...(text !== undefined && currency !== undefined ? { quoted: { text, currency } } : {}),
    ...(packed ? { pack: packed } : {}),
    ...(hasEvidence ? { evidence: known } : {}),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
