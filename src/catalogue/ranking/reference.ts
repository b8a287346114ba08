/** How near the other things in the catalogue are to a picture: what the nearest one has to stand out from. */

/** So many of the nearest offers are looked at; the same thing may be among them tens of times. */
export const REFERENCE_ROWS = 300

export interface ReferenceQuery {
  /** Two stored pictures whose cosine is at least this show the same thing. */
  sameThing: number
  /** Offers that an upstream found for this picture, which are not other things. Written as by {@link offerKey}. */
  found: ReadonlySet<string>
}

export interface Reference {
  /** Cosine of the tenth nearest other thing; of the last one if there are fewer, and `null` without any. */
  tenth: number | null
  fiftieth: number | null
  /** Other things that were compared. */
  others: number
}

export interface Candidate {
  id: number
  offerId: string
  source: string
  cosine: number
}

export function offerKey({ source, offerId }: { source: string; offerId: string }): string {
  return `${source}\n${offerId}`
}

/**
 * Leaves out the nearest offer with all that shows the same thing, and what the upstream found. An offer that two
 * sources know counts once.
 * @param nearest best first, up to {@link REFERENCE_ROWS} and those found.
 * @param toNearest the cosine of each with the first.
 * @param compared offers compared in all.
 */
export function referenceOf(
  nearest: readonly Candidate[],
  toNearest: readonly number[],
  { sameThing, found }: ReferenceQuery,
  compared: number,
): Reference {
  const seen = new Set<string>()
  const others = nearest.filter((candidate, index) => {
    if (index === 0 || (toNearest[index] ?? 0) >= sameThing || found.has(offerKey(candidate))) return false
    return !seen.has(candidate.offerId) && seen.add(candidate.offerId)
  })
  const looked = new Set(nearest.map(({ offerId }) => offerId)).size
  const cosineAt = (rank: number) => others[Math.min(rank, others.length) - 1]?.cosine ?? null
  return { tenth: cosineAt(10), fiftieth: cosineAt(50), others: compared - (looked - others.length) }
}
