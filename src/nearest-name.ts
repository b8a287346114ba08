/** Owns the guess behind "did you mean": the known name that a misspelt one is closest to. */

/** Letters from which on the beginning of a name stands for it. */
const MIN_BEGINNING = 3

/**
 * The closest of `names` by edit distance, where the beginning of a name (`image` of `image_url`) is one letter away; `null` where none
 * is close (more than a third of its letters differ).
 */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of names) {
    const farthest = Math.ceil(name.length / 3)
    // So much longer, it is near to nothing: a name of megabytes must not be compared letter by letter.
    if (wrong.length > name.length + farthest) continue
    const distance = distanceTo(wrong.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance && distance <= farthest) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

function distanceTo(wrong: string, name: string): number {
  if (wrong.length >= MIN_BEGINNING && wrong !== name && name.startsWith(wrong)) return 1
  return editDistance(wrong, name)
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const substitute = (previous[j] ?? 0) + (letter === other ? 0 : 1)
      row.push(Math.min(substitute, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    previous = row
  }
  return previous.at(-1) ?? 0
}
