/** Copies a catalogue into another, in the same store or a different one. */
import { throwIfAborted } from '../errors.ts'
import { createEventLoopYield } from '../time/yield-to-event-loop.ts'
import type { Catalogue, CatalogueOffer, StoredEmbedding } from './catalogue.ts'

const BATCH_OFFERS = 500
const BATCH_VECTORS = 200

export interface CopyCount {
  offers: number
  /** Of all models. */
  embeddings: number
}

/** Pages through all offers. */
export function allOffers({ list }: Pick<Catalogue, 'list'>): AsyncGenerator<CatalogueOffer[]> {
  return pagesOf(keyOfOffer, after => list(null, after, BATCH_OFFERS))
}

export interface CopyOptions {
  signal: AbortSignal
  onProgress: (count: CopyCount) => void
}

/**
 * Copies offers with the times they were seen, vectors, and the state of mirrors that `to` does not have. Other offers
 * in `to` stay. An interrupted copy can be run again. Failed pictures are not copied, so they are retried.
 * @throws AppError of either catalogue, or `cancelled`.
 */
export async function copyCatalogue(
  from: Catalogue,
  to: Catalogue,
  { signal, onProgress }: CopyOptions,
): Promise<CopyCount> {
  const count: CopyCount = { offers: 0, embeddings: 0 }
  const sources = new Set<string>()
  const yieldToEventLoop = createEventLoopYield()
  for await (const offers of allOffers(from)) {
    await yieldToEventLoop()
    throwIfAborted(signal)
    await putAsSeen(to, offers)
    for (const { source } of offers) sources.add(source)
    count.offers += offers.length
    onProgress(count)
  }
  for await (const embeddings of pagesOf(keyOfEmbedding, after => from.listEmbeddings(after, BATCH_VECTORS))) {
    await yieldToEventLoop()
    throwIfAborted(signal)
    await Promise.all(embeddings.map(({ picture, model, vector }) => to.putEmbedding(picture, model, vector)))
    count.embeddings += embeddings.length
    onProgress(count)
  }
  // Last: a mirror marked complete must have all its offers.
  for (const source of sources) {
    const state = await from.getMirror(source)
    if (state && (await to.getMirror(source)) === null) await to.putMirrorPage(source, [], state, 0)
  }
  return count
}

function keyOfOffer({ source, offer }: CatalogueOffer) {
  return { source, offerId: offer.offerId }
}

function keyOfEmbedding({ picture, model }: StoredEmbedding) {
  return { ...picture, model }
}

async function* pagesOf<Row, Key>(
  keyOf: (row: Row) => Key,
  read: (after: Key | null) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after: Key | null = null; ; ) {
    const rows: Row[] = await read(after)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = keyOf(last)
  }
}

/** Each offer is put twice, so that it keeps the times when it was first and last seen. */
export async function putAsSeen(to: Pick<Catalogue, 'putOffers'>, offers: readonly CatalogueOffer[]): Promise<void> {
  await putSeen(to, offers, ({ firstSeenAt }) => firstSeenAt)
  const seenAgain = offers.filter(offer => offer.lastSeenAt !== offer.firstSeenAt)
  await putSeen(to, seenAgain, ({ lastSeenAt }) => lastSeenAt)
}

async function putSeen(
  to: Pick<Catalogue, 'putOffers'>,
  offers: readonly CatalogueOffer[],
  momentOf: (offer: CatalogueOffer) => number,
): Promise<void> {
  const groups = new Map<string, CatalogueOffer[]>()
  for (const offer of offers) {
    const key = JSON.stringify([offer.source, momentOf(offer)])
    groups.set(key, [...(groups.get(key) ?? []), offer])
  }
  for (const group of groups.values()) {
    const [first] = group
    if (first)
      await to.putOffers(
        first.source,
        group.map(({ offer }) => offer),
        momentOf(first),
      )
  }
}
