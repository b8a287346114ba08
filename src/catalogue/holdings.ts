/** What an account has imported, in all of its catalogues, and how much of it there may be. */
import { picturesOf } from '../offers/offer.ts'
import type { Catalogue, CatalogueOffer } from './catalogue.ts'
import { allOffers } from './copy.ts'
import type { AcceptedRow, RejectedRow } from './import/rows/read-rows.ts'
import { catalogueName, isOwnedBy } from './owners.ts'

/** Unless its key says otherwise. */
export const DEFAULT_OWN_OFFERS = 10_000

/** 500 MB for as many offers as accounts have by default. */
const BYTES_PER_OFFER = 50_000

/** Bytes that an account may have in files: pictures that came with its sheets, and exports. */
export function storageFor(mostOffers: number): number {
  return mostOffers * BYTES_PER_OFFER
}

export interface Holdings {
  count(): Promise<number>
  has(row: AcceptedRow): Promise<boolean>
  /**
   * The addresses of all pictures of its offers.
   * @param replaced IDs of the catalogue without a name whose offers do not count.
   */
  pictures(replaced?: ReadonlySet<string>): Promise<Set<string>>
}

/** @param catalogue with the offers of all owners. */
export function createHoldings(catalogue: Catalogue, owner: string): Holdings {
  const stats = async () => (await catalogue.stats('')).filter(({ source }) => isOwnedBy(source, owner))
  // For each row of an import: counting all offers would take too long.
  const sources = async () => (await catalogue.listSources()).filter(source => isOwnedBy(source, owner))
  return {
    count: async () => (await stats()).reduce((sum, { offers }) => sum + offers, 0),
    async has({ offer: { offerId }, formerId }) {
      const names = await sources()
      for (const id of [offerId, formerId])
        if (id !== null && (await catalogue.getOffer(id, names)) !== null) return true
      return false
    },
    pictures: async replaced => {
      const counts = ({ source, offer }: CatalogueOffer) =>
        catalogueName(source) !== null || !replaced?.has(offer.offerId)
      return setOf(picturesIn(catalogue, await sources(), counts))
    },
  }
}

/** The addresses of the pictures of all offers, one after another. */
export async function* picturesIn(
  catalogue: Pick<Catalogue, 'list'>,
  sources: readonly string[],
  counts: (offer: CatalogueOffer) => boolean = () => true,
): AsyncGenerator<string> {
  if (sources.length === 0) return
  const list = (_all: null, after: { source: string; offerId: string } | null, limit: number) =>
    catalogue.list(sources, after, limit)
  for await (const page of allOffers({ list })) for (const { offer } of page.filter(counts)) yield* picturesOf(offer)
}

/** @param offerIds `null` for all of the source. */
export async function picturesOfOffers(
  catalogue: Pick<Catalogue, 'list' | 'getOffers'>,
  source: string,
  offerIds: readonly string[] | null,
): Promise<Set<string>> {
  if (offerIds !== null)
    return new Set((await catalogue.getOffers(offerIds, [source])).flatMap(({ offer }) => picturesOf(offer)))
  return setOf(picturesIn(catalogue, [source]))
}

async function setOf(pictures: AsyncIterable<string>): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const picture of pictures) found.add(picture)
  return found
}

/** The rows, without those of new offers beyond `most`. What the account has already is updated, however full it is. */
export async function* withinRoom(
  rows: AsyncIterable<AcceptedRow | RejectedRow>,
  { holdings, most, expected }: { holdings: Holdings; most: number; expected: number },
): AsyncGenerator<AcceptedRow | RejectedRow> {
  let held = await holdings.count()
  const mayOverflow = held + expected > most
  for await (const row of rows) {
    if (!mayOverflow || 'reason' in row || (await holdings.has(row))) yield row
    else if (held < most) {
      held += 1
      yield row
    } else yield { line: row.line, reason: `No room: this account may have ${most} own offers, and has ${held}.` }
  }
}
