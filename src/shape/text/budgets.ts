/** The limits on a reply's size, and the estimate of tokens that enforces them. */

/** In estimated tokens: hosts warn at 10,000 and cut at 25,000. */
export const REPLY_MAX_TOKENS = 8_000

/** In characters. What follows is mostly selling words, and the details have the whole title. */
export const CONCISE_TITLE_MAX_CHARS = 22

/** Beside evidence, which says more than the end of a title. */
export const JUDGED_TITLE_MAX_CHARS = 18

export const CONCISE_SHOP_MAX_CHARS = 20

// What a details reply lists at most.
export const MAX_ATTRIBUTES = 20
export const MAX_IMAGES = 12
export const MAX_SKUS = 40
export const MAX_TIERS = 12

/**
 * An upper estimate of a text's tokens under o200k. A Chinese character is rarely more than one token, a character
 * outside the basic plane up to four, and two characters of anything else (long numbers and escaped links are the
 * worst) rarely more than one.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\u2E80-\uD7FF\uF900-\uFFEF]/g)?.length ?? 0
  const rare = text.match(/[\uD800-\uDFFF]/g)?.length ?? 0
  return Math.ceil(wide + rare * 2 + (text.length - wide - rare) / 2)
}

/** How many of the first `items` fit in `maxTokens` when written as JSON; at least one if there is one. */
export function countThatFit(items: readonly unknown[], maxTokens: number): number {
  let tokens = 0
  for (const [index, item] of items.entries()) {
    tokens += estimateTokens(JSON.stringify(item))
    if (tokens > maxTokens) return Math.max(1, index)
  }
  return items.length
}
