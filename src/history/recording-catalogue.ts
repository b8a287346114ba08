/** A catalogue whose offers are also observed: what a newer answer replaces stays in the history. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import { isImport } from '../catalogue/owners.ts'
import type { Recorder } from './recorder.ts'

export function createRecordingCatalogue(catalogue: Catalogue, recorder: Recorder): Catalogue {
  return {
    ...catalogue,
    async putOffers(source, offers, seenAt) {
      recorder.record(source, offers, seenAt)
      await catalogue.putOffers(source, offers, seenAt)
    },
    async putMirrorPage(source, offers, state, seenAt) {
      recorder.record(source, offers, seenAt)
      await catalogue.putMirrorPage(source, offers, state, seenAt)
    },
    async remove(source, offerIds) {
      const removed = await catalogue.remove(source, offerIds)
      // What an owner removes is gone.
      if (isImport(source)) await recorder.forget(source, offerIds)
      return removed
    },
    async close() {
      await recorder.flush()
      await catalogue.close()
    },
  }
}
