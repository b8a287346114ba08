/** What an account has imported, in all of its catalogues, and how much of it there may be. */
import type { Catalogue } from './catalogue.ts'
import type { AcceptedRow, RejectedRow } from './import/import-file.ts'
import { isOwnedBy } from './owners.ts'

/** Unless its key says otherwise. */
export const DEFAULT_OWN_OFFERS = 10_000

/** Room for the pictures inside sheets: 500 MB for as many offers as accounts have by default. */
export const PICTURE_BYTES_PER_OFFER = 50_000

const PAGE = 500

export interface Holdings {
  count(): Promise<number>
  has(row: AcceptedRow): Promise<boolean>
  /** The addresses of all pictures of its offers. */
  pictures(): Promise<Set<string>>
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
    async pictures() {
      const names = await sources()
      const found = new Set<string>()
      let after: { source: string; offerId: string } | null = null
      for (;;) {
        const page: Awaited<ReturnType<Catalogue['list']>> =
          names.length === 0 ? [] : await catalogue.list(names, after, PAGE)
        for (const { offer } of page)
          for (const picture of [offer.imageUrl, ...(offer.photos ?? [])]) if (picture !== null) found.add(picture)
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE) return found
        after = { source: last.source, offerId: last.offer.offerId }
      }
    },
  }
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
