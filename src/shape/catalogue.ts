import type { CatalogueOverview } from '../offers/results/usage.ts'
import { CONCISE_TITLE_MAX_CHARS, countThatFit, REPLY_MAX_TOKENS } from './text/budgets.ts'
import { omitUnknown, shorten } from './text/values.ts'

/** Tokens reserved for everything except the offers. */
const FRAME_TOKENS = 700

export function shapeCatalogue({ sources, offers, leftOut }: CatalogueOverview) {
  const all = offers.map(({ source, offer }) => ({
    source,
    offer_id: offer.offerId,
    title: shorten(offer.title, CONCISE_TITLE_MAX_CHARS),
    ...omitUnknown({ price: offer.price?.text, city: offer.city, shop_name: offer.shopName }),
  }))
  const shown = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  return {
    sources: sources.map(shapeCatalogueSource),
    offers: shown,
    left_out: leftOut + all.length - shown.length,
  }
}

export function shapeCatalogueSource(counts: CatalogueOverview['sources'][number]) {
  return {
    source: counts.source,
    offers: counts.offers,
    with_picture: counts.withPicture,
    compared: counts.embedded,
    first_seen_at: new Date(counts.firstSeenAt).toISOString(),
    last_seen_at: new Date(counts.lastSeenAt).toISOString(),
  }
}
