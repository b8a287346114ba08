/** Gets pictures: from 1688 by address, and as data through the host where that does not let the page load them. */
import type { Host } from './host.ts'
import { asObject, asObjects, asText, type Json } from './json.ts'

/** The tool that knows them. */
const TOOL = 'get_offer_cards'

/** Thumbnails asked for at a time, some 7 kB each: the first ones are there soon. */
const BATCH = 12

/** Failures come one by one within a frame or two; they are asked for together. Milliseconds. */
const GATHER_MS = 40

/** Asks for cards and hands each to `onCard`. */
export interface Pictures {
  /** Asks what is known of the offers; where that gives no address, for their thumbnails, too. Resolves when those are there. */
  load(offerIds: readonly string[]): Promise<void>
  /** The picture of an offer did not load by its address. */
  needsThumbnail(offerId: string): void
}

/** Makes it. @param onCard gets each card as it comes. */
export function createPictures(host: Host, onCard: (offerId: string, card: Json) => void): Pictures {
  const asked = new Set<string>()
  const queue: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBusy = false

  /** Resolves to the offers whose picture has an address; a host that calls no tools leaves the cards as they are. */
  const ask = async (offerIds: readonly string[], thumbnails: boolean): Promise<Set<string>> => {
    const result = await host.callTool(TOOL, { offer_ids: offerIds, thumbnails }).catch(() => null)
    const withAddress = new Set<string>()
    for (const card of asObjects(asObject(result?.structured).cards)) {
      const offerId = asText(card.offer_id)
      if (offerId === null) continue
      if (asText(card.image_url) !== null) withAddress.add(offerId)
      onCard(offerId, card)
    }
    return withAddress
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
      const withAddress = await ask(offerIds, false)
      const without = offerIds.filter(offerId => !withAddress.has(offerId))
      for (const offerId of without) asked.add(offerId)
      queue.push(...without)
      await flush()
    },
  }
}
