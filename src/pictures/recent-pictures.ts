/**
 * The pictures that callers searched by last. A repeated call need not read them again: the clipboard may hold something
 * else by now, and some addresses answer once.
 */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Picture } from './reader.ts'

/** As long as a picked photo can be searched with. */
export const RECENT_TTL_MS = 30 * 60_000

/** Of one owner; the oldest make room, and a larger picture is read again. */
export const MAX_RECENT = 4
export const MAX_RECENT_BYTES = 8_000_000

/** Of all owners. */
const MAX_BYTES_IN_ALL = 32_000_000

export interface RecentPicture {
  picture: Picture
  /** Milliseconds since 1970. */
  readAt: number
}

/** Those of one owner. */
export interface RecentPictures {
  /** @param reference in the same words as when it was kept. */
  find(reference: string): RecentPicture | null
  /** @param reference `null` for a picture that cannot be named again. */
  keep(reference: string | null, picture: Picture): void
  /** Notes what was found by the picture. */
  found(picture: Picture, offerIds: readonly string[]): void
  /** The last picture by which all these offers were found; `null` if there is none. */
  thatFound(offerIds: readonly string[]): Picture | null
}

interface Entry extends RecentPicture {
  owner: string
  offerIds: Set<string>
}

/** In the memory of this process. @returns the pictures of an owner. */
export function createRecentPictures(now: () => number): (owner: string) => RecentPictures {
  const entries = new LRUCache<string, Entry>({
    maxSize: MAX_BYTES_IN_ALL,
    sizeCalculation: ({ picture }) => Math.max(1, picture.bytes.length),
    ttl: RECENT_TTL_MS,
    ttlAutopurge: true,
    ttlResolution: 0,
    perf: { now },
  })
  return owner => {
    /** Newest first. */
    const own = () => [...entries.entries()].filter(([, entry]) => entry.owner === owner)
    return {
      find: reference => entries.get(keyOf(owner, reference)) ?? null,
      keep(reference, picture) {
        if (picture.bytes.length > MAX_RECENT_BYTES) return
        const key = keyOf(owner, reference ?? picture.sha256)
        const before = entries.get(key)
        const offerIds = before?.picture.sha256 === picture.sha256 ? before.offerIds : new Set<string>()
        entries.set(key, { owner, picture, readAt: now(), offerIds })
        let bytes = 0
        for (const [index, [each, { picture: kept }]] of own().entries()) {
          bytes += kept.bytes.length
          if (index >= MAX_RECENT || bytes > MAX_RECENT_BYTES) entries.delete(each)
        }
      },
      found({ sha256 }, offerIds) {
        const entry = own().find(([, { picture }]) => picture.sha256 === sha256)?.[1]
        for (const offerId of offerIds) entry?.offerIds.add(offerId)
      },
      thatFound(offerIds) {
        const entry = own().find(([, found]) => offerIds.every(offerId => found.offerIds.has(offerId)))
        return entry?.[1].picture ?? null
      },
    }
  }
}

/** An address may be signed for one reader, so only its hash is kept. */
function keyOf(owner: string, reference: string): string {
  return createHash('sha256').update(`${owner}\n${reference}`).digest('base64')
}
