/** Offers and searches that are read again from time to time, and what has changed since they were last read. */
import * as z from 'zod'
import { mergeObserved, type Observed, observedSchema } from './observation.ts'

/** A search is by words, or by a picture's address or path. */
export interface WatchTarget {
  kind: 'offer' | 'words' | 'picture'
  /** An offer's ID, the words, or the picture. */
  target: string
}

/** Of the first page of a search; of an offer, one. */
const watchedOffer = z.object({
  offerId: z.string(),
  title: z.string(),
  facts: observedSchema,
})

/** What an offer or a search was when it was last read. */
export type WatchState = z.infer<typeof watchStateSchema>
export const watchStateSchema = z.object({
  /** The upstream, or `import`: prices of two sources are not compared. */
  source: z.string(),
  offers: z.array(watchedOffer),
  /** Whether the offer is no longer listed. */
  gone: z.boolean(),
})

/** Stock and sales move every day: only running out, and being there again, is a change. */
export const CHANGED = ['price', 'ladder', 'quoted', 'moq', 'stock', 'status', 'new_offer'] as const

export type WatchChange = z.infer<typeof watchChangeSchema>
export const watchChangeSchema = z.object({
  offerId: z.string(),
  title: z.string(),
  what: z.enum(CHANGED),
  /** `null` for unknown. */
  from: z.string().nullable(),
  to: z.string().nullable(),
})

export type WatchedOffer = z.infer<typeof watchedOffer>

export interface Watched extends WatchTarget {
  /** Milliseconds since 1970. */
  addedAt: number
  /** `null` for never. */
  checkedAt: number | null
  /** `null` before the first reading, unless it was known before. */
  state: WatchState | null
  /** Changes that no check has reported yet. */
  news: WatchChange[]
}

/** The most that one account watches. */
export const MAX_WATCHED = 500

/** @param earlier `null` if there is nothing to compare with. */
export function changesBetween(earlier: WatchState | null, later: WatchState, { kind }: WatchTarget): WatchChange[] {
  if (earlier === null || earlier.source !== later.source) return []
  const known = new Map(earlier.offers.map(offer => [offer.offerId, offer]))
  const changes = later.offers.flatMap(offer => {
    const before = known.get(offer.offerId)
    if (before !== undefined) return changesOf(before, offer)
    return kind === 'offer' ? [] : [change(offer, 'new_offer', null, offer.facts.price?.text ?? null)]
  })
  const [offer] = [...later.offers, ...earlier.offers]
  if (offer && earlier.gone !== later.gone) {
    const word = (gone: boolean) => (gone ? 'gone' : 'listed')
    changes.unshift(change(offer, 'status', word(earlier.gone), word(later.gone)))
  }
  return changes
}

/** The later state, where an unknown value leaves the earlier one. */
export function mergeState(earlier: WatchState | null, later: WatchState): WatchState {
  if (earlier === null || earlier.source !== later.source) return later
  const known = new Map(earlier.offers.map(offer => [offer.offerId, offer]))
  const offers = later.offers.map(offer => {
    const before = known.get(offer.offerId)
    return before === undefined ? offer : { ...offer, facts: mergeObserved(before.facts, offer.facts) }
  })
  return { ...later, offers: later.gone ? earlier.offers : offers }
}

/** A value that is unknown on one side has not changed. */
function changesOf(before: WatchedOffer, after: WatchedOffer): WatchChange[] {
  const changes = CHANGED.flatMap(what => {
    const [from, to] = [wordOf(before.facts, what), wordOf(after.facts, what)]
    return from === null || to === null || from === to ? [] : [change(after, what, from, to)]
  })
  // The price spans the ladder.
  return changes.some(({ what }) => what === 'price') ? changes.filter(({ what }) => what !== 'ladder') : changes
}

function wordOf({ price, priceTiers, quoted, moq, stock, status }: Observed, what: WatchChange['what']): string | null {
  if (what === 'price') return price?.text ?? null
  if (what === 'ladder') return priceTiers?.map(tier => `${tier.minQuantity}+: ${tier.price.text}`).join('; ') ?? null
  if (what === 'quoted') return quoted ?? null
  if (what === 'moq') return moq === undefined ? null : String(moq)
  if (what === 'stock') return stock === undefined ? null : stock === 0 ? 'none' : 'in stock'
  return what === 'status' ? (status?.replaceAll('_', ' ') ?? null) : null
}

function change(
  { offerId, title }: WatchedOffer,
  what: WatchChange['what'],
  from: string | null,
  to: string | null,
): WatchChange {
  return { offerId, title, what, from, to }
}

/** Words, unless it looks like the address or the path of a picture. */
export function asSearchTarget(text: string): WatchTarget {
  const target = text.trim()
  const isPicture = /^(?:(?:https?|file|data|sample|photo):|[/~\\]|\.{1,2}[/\\]|[a-z]:[\\/])|^clipboard$/i.test(target)
  return { kind: isPicture ? 'picture' : 'words', target }
}
