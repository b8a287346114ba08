/** Embeds the pictures of callers, who take turns: those of one caller do not hold up another's. */
import type { CallOptions } from '../../../upstream-calls/call-options.ts'
import type { Embedder } from '../../../vision/embedder.ts'
import type { QueryPicture } from '../compare-pictures.ts'
import { createFairTurns } from './fair-turns.ts'

/** Pictures that the decoders have at once: enough to keep both busy. */
const PLACES = { total: 4, each: 3 }

/** @param found see {@link QueryPicture.found}. */
export type EmbedQuery = (bytes: Uint8Array, found: Set<string>, call: CallOptions) => Promise<QueryPicture>

/** One for all owners and use cases: they share the decoders. */
export function createEmbedQuery(embedder: Embedder): EmbedQuery {
  const turns = createFairTurns(PLACES)
  return async (bytes, found, { queue = '', signal }) => {
    const embedWith = ({ embed }: Pick<Embedder, 'embed'>) =>
      turns.run(queue, signal, () => embed(bytes, 'query', signal))
    const { previous } = embedder
    const { vectors, regions } = await embedWith(embedder)
    return {
      vectors,
      regions,
      found,
      previousVectors: previous ? async () => (await embedWith(previous)).vectors : null,
    }
  }
}
