import type { Services } from '../use-cases/use-cases.ts'

/** The protocol's limit for one completion. */
const MAX_COMPLETIONS = 100

/** IDs of known offers that begin with what was typed. */
export function completeOfferId({ completeOfferIds }: Services): (typed: string) => Promise<string[]> {
  return typed => completeOfferIds({ prefix: typed, limit: MAX_COMPLETIONS })
}
