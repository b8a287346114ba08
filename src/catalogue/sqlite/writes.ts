import type { OfferSummary } from '../../offers/offer.ts'
import { numberIn } from '../../store/row.ts'
import { createEventLoopYield } from '../../time/yield-to-event-loop.ts'
import type { Catalogue } from '../catalogue.ts'
import type { CatalogueFile } from './catalogue-file.ts'
import { offerParameters, UPSERT_OFFER } from './upsert.ts'

/** Offers per transaction: some 5 ms, during which other processes wait. */
const BATCH_OFFERS = 200

type Writes = Pick<
  Catalogue,
  'putOffers' | 'putEmbedding' | 'putEmbeddingFailure' | 'forgetFailures' | 'putMirrorPage' | 'remove' | 'checkKept'
>

export function createOfferWrites(file: CatalogueFile): Writes {
  return {
    ...createOfferPuts(file),
    ...createEmbeddingPuts(file),
    remove: createRemove(file),
    // Writes the next version, which fails if the disk is full.
    checkKept: () => file.writeSafely(() => undefined),
  }
}

function createOfferPuts({ database, write, writeSafely }: CatalogueFile): Pick<Writes, 'putOffers' | 'putMirrorPage'> {
  const upsert = database.prepare(UPSERT_OFFER)
  const putMirror = database.prepare('INSERT OR REPLACE INTO mirrors VALUES (?, ?, ?, ?)')
  const putAll = (source: string, offers: readonly OfferSummary[], seenAt: number, version: number): void => {
    for (const offer of offers) upsert.run(offerParameters(source, offer, seenAt, version))
  }
  return {
    async putOffers(source, offers, seenAt) {
      const yieldToEventLoop = createEventLoopYield()
      for (let start = 0; start < offers.length; start += BATCH_OFFERS) {
        const batch = offers.slice(start, start + BATCH_OFFERS)
        await write(version => putAll(source, batch, seenAt, version))
        await yieldToEventLoop()
      }
    },
    async putMirrorPage(source, offers, state, seenAt) {
      await writeSafely(version => {
        putAll(source, offers, seenAt, version)
        putMirror.run(source, state.pagesFetched, state.totalFound, state.completedAt)
      })
    },
  }
}

type EmbeddingWrites = Pick<Writes, 'putEmbedding' | 'putEmbeddingFailure' | 'forgetFailures'>

function createEmbeddingPuts({ database, write }: CatalogueFile): EmbeddingWrites {
  const hasPicture = '(image_url = :imageUrl OR :imageUrl IN (SELECT value FROM json_each(photos)))'
  const touch = database.prepare(`
    UPDATE offers SET version = :version WHERE source = :source AND offer_id = :offerId AND ${hasPicture}
    RETURNING id, image_url = :imageUrl AS is_first`)
  const putVector = database.prepare('INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)')
  const dropVector = database.prepare('DELETE FROM embeddings WHERE offer = ? AND model = ?')
  const endFailure = database.prepare('DELETE FROM failures WHERE offer = ? AND model = ?')
  const isOfSource = '(:source IS NULL OR offer IN (SELECT id FROM offers WHERE source = :source))'
  const endFailures = database.prepare(`DELETE FROM failures WHERE ${isOfSource}`)
  const putFailure = database.prepare(`
    INSERT OR REPLACE INTO failures
    SELECT id, :model, :failedAt, :reason FROM offers
      WHERE source = :source AND offer_id = :offerId AND image_url = :imageUrl`)
  const putPhoto = database.prepare('INSERT OR REPLACE INTO photo_embeddings VALUES (?, ?, ?, ?)')
  const endPhotoFailure = database.prepare('DELETE FROM photo_failures WHERE offer = ? AND model = ? AND image_url = ?')
  const endPhotoFailures = database.prepare(`DELETE FROM photo_failures WHERE ${isOfSource}`)
  const putPhotoFailure = database.prepare(`
    INSERT OR REPLACE INTO photo_failures
    SELECT id, :model, :imageUrl, :failedAt, :reason FROM offers WHERE source = :source AND offer_id = :offerId
      AND image_url <> :imageUrl AND :imageUrl IN (SELECT value FROM json_each(photos))`)
  return {
    async putEmbedding({ source, offerId, imageUrl }, model, vector, replaced) {
      const blob = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
      await write(version => {
        const touched = touch.get({ version, source, offerId, imageUrl })
        if (touched === undefined) return
        const id = numberIn(touched, 'id')
        if (numberIn(touched, 'is_first') === 0) {
          putPhoto.run(id, model, imageUrl, blob)
          endPhotoFailure.run(id, model, imageUrl)
          return
        }
        putVector.run(id, model, blob)
        if (replaced !== undefined) dropVector.run(id, replaced)
        endFailure.run(id, model)
      })
    },
    async putEmbeddingFailure({ source, offerId, imageUrl }, model, failedAt, reason) {
      const failure = { source, offerId, imageUrl, model, failedAt, reason }
      await write(() => {
        putFailure.run(failure)
        putPhotoFailure.run(failure)
      })
    },
    forgetFailures: source =>
      write(() => {
        const which = { source: source ?? null }
        return Number(endFailures.run(which).changes) + Number(endPhotoFailures.run(which).changes)
      }),
  }
}

function createRemove({ database, write }: CatalogueFile): Writes['remove'] {
  const removeNamed = database.prepare(
    'DELETE FROM offers WHERE source = ? AND offer_id IN (SELECT value FROM json_each(?))',
  )
  const removeSome = database.prepare(
    `DELETE FROM offers WHERE id IN (SELECT id FROM offers WHERE source = ? LIMIT ${BATCH_OFFERS})`,
  )
  const removeMirror = database.prepare('DELETE FROM mirrors WHERE source = ?')
  const countRemoval = database.prepare('UPDATE state SET removals = removals + 1')

  const removed = ({ changes }: { changes: number | bigint }): number => {
    if (Number(changes) > 0) countRemoval.run()
    return Number(changes)
  }
  const removeAll = async (source: string): Promise<number> => {
    const yieldToEventLoop = createEventLoopYield()
    // First the mirror's state: after a crash in between, it must not count offers that are gone.
    await write(() => removeMirror.run(source))
    for (let total = 0; ; await yieldToEventLoop()) {
      const batch = await write(() => removed(removeSome.run(source)))
      total += batch
      if (batch < BATCH_OFFERS) return total
    }
  }
  return async (source, offerIds) =>
    offerIds === null
      ? await removeAll(source)
      : await write(() => removed(removeNamed.run(source, JSON.stringify(offerIds))))
}
