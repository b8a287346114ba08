/**
 * Whose imported offers are whose. In the store, an import's source names its owner, so a stored offer is identified by
 * owner, source and ID, and a query that forgets the owner finds nothing of anybody's.
 */
import { AppError } from '../errors.ts'
import { quoted } from '../offers/text.ts'
import { type Catalogue, IMPORT_SOURCE } from './catalogue.ts'

/** The user of this computer, and every caller of a server without keys. */
export const OPERATOR = 'operator'

/** The owner of what every caller sees. */
export const EVERYBODY = 'all'

const SEPARATOR = '@'

/** The source under which the offers that `owner` imported are stored. */
export function importSourceOf(owner: string): string {
  return owner === EVERYBODY ? IMPORT_SOURCE : `${IMPORT_SOURCE}${SEPARATOR}${owner}`
}

/** A stored source as it is shown: without the owner. */
export function shownSource(source: string): string {
  return isImport(source) ? IMPORT_SOURCE : source
}

/** Whether a stored source holds imported offers of any owner. */
export function isImport(source: string): boolean {
  return source === IMPORT_SOURCE || source.startsWith(`${IMPORT_SOURCE}${SEPARATOR}`)
}

/** Where offers of `source` are looked up for `owner`: imports are their own and everybody's. */
export function storedSources(source: string, owner: string): string[] {
  return source === IMPORT_SOURCE ? [...new Set([IMPORT_SOURCE, importSourceOf(owner)])] : [source]
}

/** `all`, the ID of a key, or an account as the log names it. @throws AppError `invalid_input`. */
export function parseOwner(text: string): string {
  const account = /^[0-9a-f]{8}$/.test(text) ? `key:${text}` : text
  if (account === EVERYBODY || /^(?:key:[0-9a-f]{8}|oauth:[0-9a-f]{16})$/.test(account)) return account
  throw new AppError({
    code: 'invalid_input',
    message: `--for: ${quoted(text)} is neither "all" nor an account.`,
    hint: 'Use all, the ID of a key (mcp-1688 keys list), or oauth: and the 16 digits that the log of serve shows.',
  })
}

/** The catalogue as `owner` sees it: what came from upstreams, everybody's imports and their own. */
export function createOwnedCatalogue(catalogue: Catalogue, owner: string): Catalogue {
  const own = importSourceOf(owner)
  const isSeen = (source: string) => !isImport(source) || source === IMPORT_SOURCE || source === own
  const stored = (sources: readonly string[]) => sources.filter(isSeen).flatMap(source => storedSources(source, owner))
  const written = (source: string) => (source === IMPORT_SOURCE ? own : source)
  const shown = <Row extends { source: string }>(row: Row): Row => ({ ...row, source: shownSource(row.source) })
  /** An offer may be stored twice as an import, so that more hits are needed for as many different offers. */
  const widened = ({ sources, limit }: { sources: readonly string[]; limit: number }) => {
    const names = stored(sources)
    return { sources: names, limit: sources.length === 0 ? limit : Math.ceil((limit * names.length) / sources.length) }
  }

  return {
    ...catalogue,
    putOffers: (source, offers, seenAt) => catalogue.putOffers(written(source), offers, seenAt),
    async getOffer(offerId, sources) {
      const found = await catalogue.getOffer(offerId, stored(sources))
      return found && shown(found)
    },
    async getOffers(offerIds, sources) {
      return (await catalogue.getOffers(offerIds, stored(sources))).map(shown)
    },
    async nearest(query) {
      const result = await catalogue.nearest({ ...query, ...widened(query) })
      return { ...result, hits: result.hits.map(shown) }
    },
    async offersOfShop(query) {
      return (await catalogue.offersOfShop({ ...query, sources: stored(query.sources) })).map(shown)
    },
    async searchKeyword(query) {
      const result = await catalogue.searchKeyword({ ...query, ...widened(query) })
      return { ...result, offers: result.offers.map(shown) }
    },
    async similarities(source, offerIds, model, vectors) {
      const all = await Promise.all(
        stored([source]).map(name => catalogue.similarities(name, offerIds, model, vectors)),
      )
      return new Map(all.flatMap(cosines => [...cosines]))
    },
    listUnembedded: query => catalogue.listUnembedded({ ...query, sources: stored(query.sources) }),
    async list(sources, after, limit) {
      const names = sources ?? (await catalogue.stats('')).map(({ source }) => source).filter(isSeen)
      // Both kinds of imports are one source here, so their pages are merged.
      const pages = [...new Set(stored(names))].map(source => {
        const name = shownSource(source)
        if (after !== null && name < after.source) return []
        return catalogue.list([source], name === after?.source ? { source, offerId: after.offerId } : null, limit)
      })
      return (await Promise.all(pages)).flat().map(shown).toSorted(bySourceAndId).slice(0, limit)
    },
    listEmbeddings: () => Promise.reject(new Error('only a whole catalogue is copied')),
    async remove(source, offerIds) {
      const names = owner === OPERATOR ? storedSources(source, owner) : [written(source)]
      const removed = await Promise.all(names.filter(isSeen).map(name => catalogue.remove(name, offerIds)))
      return removed.reduce((sum, count) => sum + count, 0)
    },
    async stats(model) {
      const rows = (await catalogue.stats(model)).filter(({ source }) => isSeen(source)).map(shown)
      const merged = new Map<string, (typeof rows)[number]>()
      for (const row of rows) {
        const other = merged.get(row.source)
        merged.set(row.source, other === undefined ? row : sumOf(other, row))
      }
      return [...merged.values()]
    },
  }
}

type Stats = Awaited<ReturnType<Catalogue['stats']>>[number]

function sumOf(a: Stats, b: Stats): Stats {
  return {
    ...a,
    offers: a.offers + b.offers,
    withPicture: a.withPicture + b.withPicture,
    embedded: a.embedded + b.embedded,
    firstSeenAt: Math.min(a.firstSeenAt, b.firstSeenAt),
    lastSeenAt: Math.max(a.lastSeenAt, b.lastSeenAt),
  }
}

type Listed = Awaited<ReturnType<Catalogue['list']>>[number]

function bySourceAndId(a: Listed, b: Listed): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1
  return a.offer.offerId < b.offer.offerId ? -1 : Number(a.offer.offerId > b.offer.offerId)
}
