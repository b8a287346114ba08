/** The caller's own list of offers and searches to be read again. */
import { type Catalogue, IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { type AppError, invalidInput } from '../../errors.ts'
import type { ReadPast } from '../../history/past.ts'
import type { WatchStore } from '../../history/watch-store.ts'
import { observedOf } from '../../offers/observation.ts'
import type { WatchListResult } from '../../offers/results/watch-result.ts'
import type { WatchState, WatchTarget } from '../../offers/watched.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'

export interface WatchRequest {
  action: 'add' | 'remove' | 'list'
  /** Empty to list. */
  targets: readonly WatchTarget[]
}

export interface WatchDeps {
  watches: WatchStore
  /** Whose list it is. */
  owner: string
  upstreams: UpstreamClients
  readPast: ReadPast
  catalogue: Catalogue
  now: () => number
}

export function createWatchOffers({ watches, owner, upstreams, readPast, catalogue, now }: WatchDeps) {
  return async function watchOffers({ action, targets }: WatchRequest): Promise<WatchListResult> {
    if (action !== 'list' && targets.length === 0) throw nothingNamed(action)
    for (const target of targets) refuseFleeting(target)
    if (action === 'add') {
      const known = await Promise.all(targets.map(async target => ({ ...target, state: await knownState(target) })))
      const added = await watches.add(owner, known, now())
      return { watched: await watches.list(owner), added, removed: 0 }
    }
    const removed = action === 'remove' ? await watches.remove(owner, targets) : 0
    return { watched: await watches.list(owner), added: 0, removed }
  }

  /** What the offer was when somebody last read it, so that the first check can already find a change. */
  async function knownState({ kind, target: offerId }: WatchTarget): Promise<WatchState | null> {
    if (kind !== 'offer') return null
    for (const { name } of upstreams) {
      const [latest] = await readPast(name, offerId, 'details')
      if (latest) return { source: name, gone: false, offers: [{ offerId, title: '', facts: latest.facts }] }
    }
    const kept = await catalogue.getOffer(offerId, [IMPORT_SOURCE])
    if (kept === null) return null
    const { source, offer } = kept
    return { source, gone: false, offers: [{ offerId, title: offer.title, facts: observedOf(offer) }] }
  }
}

function nothingNamed(action: string): AppError {
  return invalidInput(`${action} names neither an offer nor a search.`, 'Pass offer_ids, searches or both.')
}

/** A photo that is gone when it is searched for again. */
function refuseFleeting({ kind, target }: WatchTarget): void {
  if (kind !== 'picture' || !/^(?:data|photo):|^clipboard$/i.test(target)) return
  throw invalidInput(
    'A picture that was pasted or picked cannot be watched: it is not kept.',
    'Watch a picture by its URL or by the path of its file, or watch words.',
  )
}
