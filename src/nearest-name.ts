import leven from 'leven'

/** Shorter beginnings match too many names. */
const MIN_PREFIX = 3

/**
 * The name for "Did you mean ...?": the closest by edit distance, or `null` if more than a third of the letters differ.
 * A prefix (`image` for `image_url`) counts as one letter away.
 */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of names) {
    const maxDistance = Math.ceil(name.length / 3)
    // The wrong name can be megabytes long.
    if (wrong.length > name.length + maxDistance) continue
    const distance = distanceTo(wrong.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance && distance <= maxDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

function distanceTo(wrong: string, name: string): number {
  if (wrong.length >= MIN_PREFIX && wrong !== name && name.startsWith(wrong)) return 1
  return leven(wrong, name)
}
