import { AppError } from '../../errors.ts'
import type { Payer } from '../call-options.ts'

/** Refuses what would take a call beyond `maxCredits`; the rest is charged to `payer`, if there is one. */
export function limitCredits(maxCredits: number, payer?: Payer): Payer {
  let left = maxCredits
  return {
    async reserve(credits) {
      if (credits > left) throw beyondLimit(maxCredits - left + credits, maxCredits)
      await payer?.reserve(credits)
      left -= credits
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
