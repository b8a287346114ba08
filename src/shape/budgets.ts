/** Owns the named budgets of a reply and the estimate that holds them. */

/** No reply is longer, in estimated tokens: hosts warn at 10,000 and cut at 25,000. */
export const REPLY_MAX_TOKENS = 8_000

/** The most pictures that a details reply lists. */
export const MAX_IMAGES = 12

/** The most variants that a details reply lists. */
export const MAX_SKUS = 40

/** The most steps of a price ladder that a details reply lists. */
export const MAX_TIERS = 12

/**
 * An upper estimate of the tokens of a text under o200k: a Chinese character is seldom more than one, three characters of anything else
 * seldom less.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\u2E80-\uFFEF]/g)?.length ?? 0
  return Math.ceil(wide + (text.length - wide) / 2.6)
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
