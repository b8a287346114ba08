const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Where a JSON string ends.
 * @param from the first byte after the opening quote.
 * @returns the place of the closing quote, -1 if there is none.
 */
export function stringEnd(json: Uint8Array, from: number): number {
  for (let end = json.indexOf(QUOTE, from); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let backslashes = 0
    while (end - backslashes > from && json[end - backslashes - 1] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return -1
}
