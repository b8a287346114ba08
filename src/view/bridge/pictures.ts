/** Loads pictures by address, or as data through the host if it does not let the page load them. */
import type { Host } from './host.ts'
import { asObject, asObjects, asText, type Json } from './json.ts'

const TOOL = 'get_offer_cards'

/** Thumbnails per request, some 7 kB each, so that the first ones arrive soon. */
const BATCH = 12

/** In milliseconds. Failures arrive one by one within a frame or two and are requested together. */
const GATHER_MS = 40

export interface Pictures {
  /** Requests cards of the offers, and thumbnails of those without an address. Resolves when all have arrived. */
  load(offerIds: readonly string[]): Promise<void>
  /** Called when an offer's picture did not load by its address. */
  needsThumbnail(offerId: string): void
}

export interface PicturesDeps {
  host: Host
  /** Called with each card as it arrives. */
  onCard(offerId: string, card: Json): void
  /** A reference to the picture of the search, if a small copy of it is wanted. */
  query?: string | null
  onQueryPicture?(picture: string): void
  /** Makes the search again in more detail, at no cost: some hosts do not pass on the tool for cards. */
  searchAgain?(): Promise<unknown>
}

export function createPictures(deps: PicturesDeps): Pictures {
  const { host, onCard, query = null, onQueryPicture, searchAgain } = deps
  const asked = new Set<string>()
  const queue: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBusy = false

  /** Resolves to the offers whose picture has an address. In a host that calls no tools the cards stay as they are. */
  const ask = async (offerIds: readonly string[], thumbnails: boolean, more: Json = {}): Promise<Set<string>> => {
    const { structured } = await host.callTool(TOOL, { offer_ids: offerIds, thumbnails, ...more })
    const reply = asObject(structured)
    const isRefused = !Array.isArray(reply.cards)
    const cards = isRefused && searchAgain && !thumbnails ? asObject(await searchAgain()).products : reply.cards
    const picture = asText(reply.query_thumbnail)
    if (picture !== null) onQueryPicture?.(picture)
    const withAddress = new Set<string>()
    for (const card of asObjects(cards)) {
      const offerId = asText(card.offer_id)
      if (offerId === null) continue
      if (asText(card.image_url) !== null) withAddress.add(offerId)
      onCard(offerId, card)
    }
    // Asking for thumbnails would be refused as well.
    return isRefused ? new Set(offerIds) : withAddress
  }

  const flush = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    while (queue.length > 0) await ask(queue.splice(0, BATCH), true)
    isBusy = false
  }

  const needsThumbnail = (offerId: string): void => {
    if (asked.has(offerId)) return
    asked.add(offerId)
    queue.push(offerId)
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), GATHER_MS)
  }

  return {
    needsThumbnail,
    load: async offerIds => {
      if (offerIds.length === 0) return
      const withAddress = await ask(offerIds, false, query === null ? {} : { query })
      const without = offerIds.filter(offerId => !withAddress.has(offerId))
      for (const offerId of without) asked.add(offerId)
      queue.push(...without)
      await flush()
    },
  }
}
