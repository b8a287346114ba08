/** What a call would cost, as the reply says that refused it. */
/** In credits. */
export interface Price {
  credits: number
  /** Whether it may be less. */
  isMost: boolean
}

/** Where a reply does not say it, no more than this is spent without asking again. */
const ONE_CREDIT: Price = { credits: 1, isMost: false }

/** The sum over the sources: the next one is asked where one of them fails. @param text of the reply, if there is one. */
export function refusedPrice(text = ''): Price {
  const refusals = [...text.matchAll(/would spend (\d+) credit/g)]
  const credits = refusals.reduce((sum, [, each]) => sum + Number(each), 0)
  return credits === 0 ? ONE_CREDIT : { credits, isMost: refusals.length > 1 }
}
