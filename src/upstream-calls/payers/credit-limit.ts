import { AppError } from '../../errors.ts'
import type { Payer } from '../call-options.ts'

/** Refuses what would take a call beyond `maxCredits`; the rest is charged to `payer`, if there is one. */
export function limitCredits(maxCredits: number, payer?: Payer): Payer {
  let left = maxCredits
  return {
    async reserve(credits) {
      if (credits > left) throw beyondLimit(maxCredits - left + credits, maxCredits)
      // Before anything is awaited: several searches of a call reserve at the same time.
      left -= credits
      try {
        await payer?.reserve(credits)
      } catch (error) {
        left += credits
        throw error
      }
    },
    sent: () => payer?.sent() ?? (() => undefined),
  }
}

function beyondLimit(needed: number, maxCredits: number): AppError {
  return new AppError({
    code: 'credits_exhausted',
    message: `The call would spend ${needed} ${needed === 1 ? 'credit' : 'credits'}, more than max_credits allows (${maxCredits}).`,
    hint: `Pass max_credits: ${needed} or more, or leave it out.`,
  })
}
