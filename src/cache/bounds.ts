/** How much a store of the reply cache keeps, and when it makes room. */

/** Answers kept at most; one offer is some 2 to 8 kB of JSON. */
export const MAX_ENTRIES = 50_000

/** Bytes of JSON kept at most. */
export const MAX_BYTES = 200 * 2 ** 20

/** After how many new answers the bounds are looked at again; by so many each process may pass them. */
export const EVICT_EVERY = 64

/** The part of all entries that goes at a time where a bound is passed. */
export const EVICTED_SHARE = 0.01
