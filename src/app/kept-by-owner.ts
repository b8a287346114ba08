import { LRUCache } from 'lru-cache'

/** Their use cases keep thumbnails, of some 2 MB in all for each owner. */
const MAX_OWNERS = 32

/** Memoizes what is made for each owner, for those who called last. */
export function keptByOwner<Made extends object>(make: (owner: string) => Made): (owner: string) => Made {
  const kept = new LRUCache<string, Made>({ max: MAX_OWNERS })
  return owner => {
    const known = kept.get(owner)
    if (known) return known
    const made = make(owner)
    kept.set(owner, made)
    return made
  }
}
