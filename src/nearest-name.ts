import leven from 'leven'

/** Letters from which on the beginning of a name stands for it. */
const MIN_BEGINNING = 3

/**
 * The name behind "did you mean": the closest of `names` by edit distance, where the beginning of a name (`image` of `image_url`) is one letter away;
 * `null` where more than a third of the letters differ.
 */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of names) {
    const maxDistance = Math.ceil(name.length / 3)
    // A name of megabytes must not be compared letter by letter.
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
  if (wrong.length >= MIN_BEGINNING && wrong !== name && name.startsWith(wrong)) return 1
  return leven(wrong, name)
}
