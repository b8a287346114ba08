/** The upstream `own`: none at all, so that searches cover the user's imported offers alone. */
import { AppError } from '../../errors.ts'
import type { Upstream, UpstreamDescriptor } from '../port.ts'

export const own: UpstreamDescriptor<unknown> = {
  create: createOwn,
  keyOf: () => null,
  retries: { byStatus: {} },
  wireMs: 0,
}

function createOwn(): Upstream {
  return {
    name: 'own',
    creditsPerCall: 0,
    creditsPerCheck: 0,
    index: null,
    pictures: null,
    keywords: null,
    shops: null,
    extras: null,
    fetchDetails: offerId =>
      Promise.reject(
        new AppError({
          code: 'not_found',
          message: `Your own catalogue does not contain offer ${offerId}, and no other source is configured.`,
          hint: 'Use an offer_id that a search returned.',
        }),
      ),
    checkAccess: async () => ({
      value: [],
      report: { kind: 'answered', status: 200, headersAtMs: 0, creditsCharged: 0 },
    }),
    close: async () => {},
  }
}
