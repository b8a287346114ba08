/** Exports the catalogue in three formats, which `catalogue import` reads back. */
import { type AppError, invalidInput, throwIfAborted } from '../errors.ts'
import { listingUrl } from '../offers/id/offer-id.ts'
import { isOwnId } from '../offers/id/own-id.ts'
import type { OfferSummary } from '../offers/offer.ts'
import { spanPrices } from '../offers/price/price.ts'
import { createCsvWriter } from '../sheets/write/csv.ts'
import { jsonLinesOf } from '../sheets/write/json-lines.ts'
import { type PlacedPicture, plainXlsxOf, type SheetPicture } from '../sheets/write/xlsx.ts'
import { createEventLoopYield } from '../time/yield-to-event-loop.ts'
import type { Catalogue, CatalogueOffer } from './catalogue.ts'

export type ExportFormat = 'csv' | 'jsonl'

const BATCH_OFFERS = 500

/** Of an XLSX file, which is made in memory and can be imported up to 300 MB. */
const MAX_PICTURE_BYTES = 250_000_000

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

const PICTURE_COLUMNS: ReadonlySet<string> = new Set(COLUMNS.filter(name => name.startsWith('image_')))

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
  for await (const batch of readBatches(catalogue, sources)) yield write(batch.map(asRow))
}

/** Resolves to `null` for a picture that a sheet cannot hold, whose address is then written. */
export type ReadPicture = (address: string) => Promise<Omit<SheetPicture, 'title'> | null>

/**
 * The same columns as XLSX. A picture file of this computer lies in the cell of its address instead.
 * @throws AppError of the catalogue, and `invalid_input` if the pictures are too many for one file.
 */
export async function exportWorkbook(
  catalogue: Catalogue,
  sources: readonly string[] | null,
  { readPicture, signal }: { readPicture: ReadPicture; signal: AbortSignal },
): Promise<Uint8Array> {
  const rows: (string | number | null)[][] = []
  const pictures: PlacedPicture[] = []
  let pictureBytes = 0
  for await (const batch of readBatches(catalogue, sources)) {
    for (const row of batch.map(asRow)) {
      throwIfAborted(signal)
      const cells = COLUMNS.map(name => row[name])
      for (const [column, name] of COLUMNS.entries()) {
        const address = PICTURE_COLUMNS.has(name) ? String(cells[column] ?? '') : ''
        const picture = address.startsWith('file:') ? await readPicture(address) : null
        if (picture === null) continue
        cells[column] = null
        pictureBytes += picture.bytes.length
        if (pictureBytes > MAX_PICTURE_BYTES) throw tooManyPictures()
        pictures.push({ row: rows.length, column, picture: { ...picture, title: String(row.offer_id) } })
      }
      rows.push(cells)
    }
  }
  return plainXlsxOf(COLUMNS, rows, pictures)
}

async function* readBatches(catalogue: Catalogue, sources: readonly string[] | null): AsyncGenerator<CatalogueOffer[]> {
  const yieldToEventLoop = createEventLoopYield()
  let after: { source: string; offerId: string } | null = null
  for (; ; await yieldToEventLoop()) {
    const batch: CatalogueOffer[] = await catalogue.list(sources, after, BATCH_OFFERS)
    const last = batch.at(-1)
    if (!last) return
    yield batch
    after = { source: last.source, offerId: last.offer.offerId }
  }
}

function tooManyPictures(): AppError {
  return invalidInput(
    `The pictures of these offers have more than ${MAX_PICTURE_BYTES / 1_000_000} MB, too many for one XLSX file.`,
    'Export CSV or JSON Lines, which name the picture files, or one source with --source.',
  )
}

function photoColumns(photos: readonly string[]) {
  const [second = null, third = null, fourth = null, fifth = null, sixth = null] = photos
  return { image_2: second, image_3: third, image_4: fourth, image_5: fifth, image_6: sixth }
}

/** `≥2: 5.00; ≥100: 4.50`; `null` if the price says more or less than the ladder. */
function ladderText({ price, priceTiers = [] }: OfferSummary): string | null {
  if (priceTiers.length < 2 || spanPrices(priceTiers.map(tier => tier.price))?.text !== price?.text) return null
  return priceTiers.map(tier => `≥${tier.minQuantity}: ${tier.price.text}`).join('; ')
}

function asRow({ source, offer, firstSeenAt, lastSeenAt }: CatalogueOffer): ExportRow {
  return {
    offer_id: offer.offerId,
    title: offer.title,
    // As the seller quotes it, so that importing it again converts it again.
    price: offer.pack?.price ?? offer.quoted?.text ?? ladderText(offer) ?? offer.price?.text ?? null,
    currency: offer.quoted?.currency ?? (offer.price ? 'CNY' : null),
    price_min_cny: offer.price?.min ?? null,
    price_max_cny: offer.price?.max ?? null,
    // A bare number would count packs.
    moq: offer.pack && offer.moq !== null ? `${offer.moq} pcs` : offer.moq,
    unit: offer.pack ? `${offer.pack.name} of ${offer.pack.units}` : offer.unit,
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
