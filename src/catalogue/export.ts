/** Exports the catalogue in two formats, which `catalogue import` reads back. */
import { listingUrl } from '../offers/id/offer-id.ts'
import { isOwnId } from '../offers/id/own-id.ts'
import { createCsvWriter } from '../sheets/write/csv.ts'
import { jsonLinesOf } from '../sheets/write/json-lines.ts'
import { createEventLoopYield } from '../time/yield-to-event-loop.ts'
import type { Catalogue, CatalogueOffer } from './catalogue.ts'

export type ExportFormat = 'csv' | 'jsonl'

const BATCH_OFFERS = 500

/** CSV columns and JSON Lines keys, in this order. */
const COLUMNS = [
  'offer_id',
  'title',
  'price',
  'currency',
  'price_min_cny',
  'price_max_cny',
  'moq',
  'unit',
  'shop_name',
  'city',
  'province',
  'image_url',
  'image_2',
  'image_3',
  'image_4',
  'image_5',
  'image_6',
  'url',
  'source',
  'first_seen_at',
  'last_seen_at',
] as const

type ExportRow = Record<(typeof COLUMNS)[number], string | number | null>

/**
 * The file in chunks, ordered by source and ID. An unknown value is an empty cell or `null`. In CSV, an apostrophe
 * precedes a cell that a spreadsheet would run as a formula.
 * @param sources `null` for all.
 * @throws AppError of the catalogue.
 */
export async function* exportOffers(
  catalogue: Catalogue,
  format: ExportFormat,
  sources: readonly string[] | null,
): AsyncGenerator<string> {
  const { head, write } = format === 'csv' ? await createCsvWriter(COLUMNS) : { head: '', write: jsonLinesOf }
  if (head !== '') yield head
  const yieldToEventLoop = createEventLoopYield()
  let after: { source: string; offerId: string } | null = null
  for (; ; await yieldToEventLoop()) {
    const batch: CatalogueOffer[] = await catalogue.list(sources, after, BATCH_OFFERS)
    const last = batch.at(-1)
    if (!last) return
    yield write(batch.map(asRow))
    after = { source: last.source, offerId: last.offer.offerId }
  }
}

function photoColumns(photos: readonly string[]) {
  const [second = null, third = null, fourth = null, fifth = null, sixth = null] = photos
  return { image_2: second, image_3: third, image_4: fourth, image_5: fifth, image_6: sixth }
}

function asRow({ source, offer, firstSeenAt, lastSeenAt }: CatalogueOffer): ExportRow {
  return {
    offer_id: offer.offerId,
    title: offer.title,
    // As the seller quotes it, so that importing it again converts it again.
    price: offer.quoted?.text ?? offer.price?.text ?? null,
    currency: offer.quoted?.currency ?? (offer.price ? 'CNY' : null),
    price_min_cny: offer.price?.min ?? null,
    price_max_cny: offer.price?.max ?? null,
    moq: offer.moq,
    unit: offer.unit,
    shop_name: offer.shopName,
    city: offer.city,
    province: offer.province,
    image_url: offer.imageUrl,
    ...photoColumns(offer.photos ?? []),
    url: isOwnId(offer.offerId) ? null : listingUrl(offer.offerId),
    source,
    first_seen_at: new Date(firstSeenAt).toISOString(),
    last_seen_at: new Date(lastSeenAt).toISOString(),
  }
}
