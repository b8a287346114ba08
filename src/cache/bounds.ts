/** How much the reply cache stores, and when it evicts. */

/** One offer is some 2 to 8 kB of JSON. */
export const MAX_ENTRIES = 50_000

/** Bytes of JSON. */
export const MAX_BYTES = 200 * 2 ** 20

/** New answers between checks of the bounds; each process may exceed them by as many. */
export const EVICT_EVERY = 64

/** Share of all entries evicted at a time. */
export const EVICTED_SHARE = 0.01
