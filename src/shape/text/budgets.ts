/** The named budgets of a reply and the estimate that holds them. */

/** No reply is longer, in estimated tokens: hosts warn at 10,000 and cut at 25,000. */
export const REPLY_MAX_TOKENS = 8_000

/** A title in a concise reply is cut here, in characters: what comes after is mostly selling words, and details have it whole. */
export const CONCISE_TITLE_MAX_CHARS = 22

/** A shop's name in a concise comparison is cut here, in characters. */
export const CONCISE_SHOP_MAX_CHARS = 20

/** The most pictures that a details reply lists. */
export const MAX_IMAGES = 12

/** The most variants that a details reply lists. */
export const MAX_SKUS = 40

/** The most steps of a price ladder that a details reply lists. */
export const MAX_TIERS = 12

/**
 * An upper estimate of the tokens of a text under o200k: a Chinese character is seldom more than one, a rare one beyond the basic plane up to
 * four, and two characters of anything else (long numbers and escaped links are the worst) seldom more than one.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\u2E80-\uD7FF\uF900-\uFFEF]/g)?.length ?? 0
  const rare = text.match(/[\uD800-\uDFFF]/g)?.length ?? 0
  return Math.ceil(wide + rare * 2 + (text.length - wide - rare) / 2)
}

/** How many of `items`, from the first on, fit in `maxTokens` when written as JSON; at least one where there is one. */
export function countThatFit(items: readonly unknown[], maxTokens: number): number {
  let tokens = 0
  for (const [index, item] of items.entries()) {
    tokens += estimateTokens(JSON.stringify(item))
    if (tokens > maxTokens) return Math.max(1, index)
  }
  return items.length
}
