/**
 * Whose imported offers are whose. In the store, an import's source names its owner (`import@key:1a2b3c4d`), so a stored
 * offer is identified by owner, source and ID, and a query that forgets the owner finds nothing of anybody's. A named
 * catalogue is a separate source (`import/summer`); `import` stands for all catalogues where offers are read, and for
 * the one without a name where they are written.
 */
import { invalidInput } from '../errors.ts'
import { quoted } from '../offers/text.ts'
import { type Catalogue, type CatalogueOffer, type FailedPicture, IMPORT_SOURCE } from './catalogue.ts'

/** The user of this computer, and every caller of a server without keys. */
export const OPERATOR = 'operator'

/** The owner of what every caller sees. */
export const EVERYBODY = 'all'

const OWNER_MARK = '@'
const NAME_MARK = '/'

/** A stored source as it is shown: without the owner. */
function shownSource(source: string): string {
  return isImport(source) ? (source.split(OWNER_MARK)[0] ?? source) : source
}

/** Whether a source holds imported offers, of any catalogue and owner. */
export function isImport(source: string): boolean {
  return IMPORT.test(source)
}

const IMPORT = new RegExp(`^${IMPORT_SOURCE}(?:[${OWNER_MARK}${NAME_MARK}]|$)`)

/** Whether `sources` cover a shown source: `import` stands for all catalogues. */
export function isAmong(source: string, sources: readonly string[]): boolean {
  return sources.includes(source) || (isImport(source) && sources.includes(IMPORT_SOURCE))
}

/** Whether a stored source holds what this owner alone has imported. */
export function isOwnedBy(source: string, owner: string): boolean {
  return isImport(source) && source.endsWith(`${OWNER_MARK}${owner}`)
}

/** The source of the catalogue with this name; `null` for the one without. */
export function catalogueSource(name: string | null): string {
  return name === null ? IMPORT_SOURCE : `${IMPORT_SOURCE}${NAME_MARK}${name}`
}

/** The name of the catalogue that a source is; `null` for any other source. */
export function catalogueName(source: string): string | null {
  const prefix = `${IMPORT_SOURCE}${NAME_MARK}`
  return source.startsWith(prefix) ? shownSource(source).slice(prefix.length) : null
}

/** @throws AppError `invalid_input`. */
export function parseCatalogueName(text: string): string {
  const name = text.trim().normalize('NFC')
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._ -]{0,39}$/u.test(name)) return name
  throw invalidInput(
    `${quoted(text)} is not a valid name of a catalogue.`,
    'Use up to 40 letters, digits, spaces, dots, hyphens and underscores, for example spring-2027.',
  )
}

/** Where `owner` stores what they import into a catalogue. */
function writtenSource(source: string, owner: string): string {
  return owner === EVERYBODY ? source : `${source}${OWNER_MARK}${owner}`
}

/** Where `owner` looks offers of `source` up, one catalogue or an upstream: imports are their own and everybody's. */
export function storedSources(source: string, owner: string): string[] {
  return isImport(source) ? [...new Set([source, writtenSource(source, owner)])] : [source]
}

/** `all`, the ID of a key, or an account as the log names it. @throws AppError `invalid_input`. */
export function parseOwner(text: string): string {
  const account = /^[0-9a-f]{8}$/.test(text) ? `key:${text}` : text
  if (account === EVERYBODY || /^(?:key:[0-9a-f]{8}|oauth:[0-9a-f]{16})$/.test(account)) return account
  throw invalidInput(
    `--for: ${quoted(text)} is neither "all" nor an account.`,
    'Use all, the ID of a key (mcp-1688 keys list), or oauth: and the 16 digits that the log of serve shows.',
  )
}

/** One catalogue of imported offers, exactly as its owner has filled it. */
export interface OwnImports {
  put(offers: CatalogueOffer['offer'][], seenAt: number): Promise<void>
  get(offerIds: readonly string[]): Promise<CatalogueOffer[]>
  /** Pages through IDs; `after` is the last of the previous page. */
  listIds(after: string | null, limit: number): Promise<string[]>
  remove(offerIds: readonly string[]): Promise<number>
  /** Pictures that could not be compared. @param model the embedder's ID. */
  listFailures(model: string, limit: number): Promise<FailedPicture[]>
  /** Lets them be tried again at once. */
  forgetFailures(): Promise<number>
}

export interface OwnedCatalogue extends Catalogue {
  /** @param name of the catalogue; `null` for the one without. */
  importsOf(name: string | null): OwnImports
  /** Where these sources are stored. */
  storedIn(sources: readonly string[]): Promise<string[]>
}

/** The catalogue as `owner` sees it: what came from upstreams, everybody's imports and their own. */
export function createOwnedCatalogue(catalogue: Catalogue, owner: string): OwnedCatalogue {
  const isSeen = (stored: string) => {
    const isShared = !isImport(stored) || stored === shownSource(stored)
    return isShared || stored === writtenSource(shownSource(stored), owner)
  }
  const seen = async (): Promise<string[]> => (await catalogue.listSources()).filter(isSeen)
  const stored = async (sources: readonly string[]): Promise<string[]> => {
    const named = sources.filter(source => source !== IMPORT_SOURCE && isSeen(source))
    const exact = named.flatMap(source => (source === shownSource(source) ? storedSources(source, owner) : [source]))
    if (!sources.includes(IMPORT_SOURCE)) return exact
    return [...new Set([...exact, ...(await seen()).filter(isImport)])]
  }
  const written = (source: string) =>
    isImport(source) && source === shownSource(source) ? writtenSource(source, owner) : source
  const shown = <Row extends { source: string }>(row: Row): Row => ({ ...row, source: shownSource(row.source) })
  /** An offer may be stored several times as an import, so that more hits are needed for as many different offers. */
  const widened = async ({ sources, limit }: { sources: readonly string[]; limit: number }) => {
    const names = await stored(sources)
    return {
      sources: names,
      limit: names.length <= sources.length ? limit : Math.ceil((limit * names.length) / sources.length),
    }
  }

  return {
    ...catalogue,
    storedIn: stored,
    importsOf(name) {
      const source = writtenSource(catalogueSource(name), owner)
      return {
        put: (offers, seenAt) => catalogue.putOffers(source, offers, seenAt),
        get: offerIds => catalogue.getOffers(offerIds, [source]),
        listIds: async (after, limit) => {
          const page = await catalogue.list([source], after === null ? null : { source, offerId: after }, limit)
          return page.map(({ offer }) => offer.offerId)
        },
        remove: offerIds => catalogue.remove(source, offerIds),
        listFailures: (model, limit) => catalogue.listFailures([source], model, limit),
        forgetFailures: () => catalogue.forgetFailures(source),
      }
    },
    listSources: async () => [...new Set((await seen()).map(shownSource))].sort(),
    putOffers: (source, offers, seenAt) => catalogue.putOffers(written(source), offers, seenAt),
    async getOffer(offerId, sources) {
      const found = await catalogue.getOffer(offerId, await stored(sources))
      return found && shown(found)
    },
    async getOffers(offerIds, sources) {
      const names = await stored(sources)
      return names.length === 0 ? [] : (await catalogue.getOffers(offerIds, names)).map(shown)
    },
    async nearest(query) {
      const result = await catalogue.nearest({ ...query, ...(await widened(query)) })
      return { ...result, hits: result.hits.map(shown) }
    },
    async offersOfShop(query) {
      return (await catalogue.offersOfShop({ ...query, sources: await stored(query.sources) })).map(shown)
    },
    async searchKeyword(query) {
      const result = await catalogue.searchKeyword({ ...query, ...(await widened(query)) })
      return { ...result, offers: result.offers.map(shown) }
    },
    async similarities(source, offerIds, model, vectors) {
      const all = await Promise.all(
        (await stored([source])).map(name => catalogue.similarities(name, offerIds, model, vectors)),
      )
      return new Map(all.flatMap(cosines => [...cosines]))
    },
    listUnembedded: async query => catalogue.listUnembedded({ ...query, sources: await stored(query.sources) }),
    async listFailures(sources, model, limit) {
      const names = await (sources === null ? seen() : stored(sources))
      return (await catalogue.listFailures(names, model, limit)).map(shown)
    },
    async list(sources, after, limit) {
      const names = sources ?? (await seen())
      // Everybody's and the owner's imports are one source here, so their pages are merged.
      const pages = [...new Set(await stored(names))].map(source => {
        const name = shownSource(source)
        if (after !== null && name < after.source) return []
        return catalogue.list([source], name === after?.source ? { source, offerId: after.offerId } : null, limit)
      })
      return (await Promise.all(pages)).flat().map(shown).toSorted(bySourceAndId).slice(0, limit)
    },
    listEmbeddings: () => Promise.reject(new Error('only a whole catalogue is copied')),
    async remove(source, offerIds) {
      const isOperator = owner === OPERATOR && source === shownSource(source)
      const names = isOperator ? storedSources(source, owner) : [written(source)]
      const removed = await Promise.all(names.filter(isSeen).map(name => catalogue.remove(name, offerIds)))
      return removed.reduce((sum, count) => sum + count, 0)
    },
    countOffers: async sources => catalogue.countOffers(await stored(sources)),
    async stats(model) {
      const rows = (await catalogue.stats(model)).filter(({ source }) => isSeen(source)).map(shown)
      const merged = new Map<string, (typeof rows)[number]>()
      for (const row of rows) {
        const other = merged.get(row.source)
        merged.set(row.source, other === undefined ? row : sumOf(other, row))
      }
      return [...merged.values()].sort((a, b) => (a.source < b.source ? -1 : 1))
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
