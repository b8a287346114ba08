/** Reads the optional parts of one answer within what the call may spend. */
import { asAppError, throwIfAborted, withMoreCredits } from '../errors.ts'
import type { Remark } from '../offers/results/results.ts'

export interface UnreadPart<Part extends string> {
  part: Part
  credits: number
}

export interface PaidParts<Part extends string> {
  /** Including the parts that failed. */
  readonly spent: number
  /** Those that cost more than was left. */
  readonly unread: UnreadPart<Part>[]
  /** On parts that failed. */
  readonly remarks: Remark[]
  /** `null` if the part costs too much or fails, which does not stop the others. */
  read<T>(part: Part, credits: number, fetch: () => Promise<{ value: T; creditsSpent: number }>): Promise<T | null>
}

/** @param spent before the first part. */
export function createPaidParts<Part extends string>(
  maxCredits: number,
  spent: number,
  signal: AbortSignal,
): PaidParts<Part> {
  let total = spent
  const unread: UnreadPart<Part>[] = []
  const remarks: Remark[] = []
  return {
    get spent() {
      return total
    },
    unread,
    remarks,
    async read(part, credits, fetch) {
      if (total + credits > maxCredits) {
        unread.push({ part, credits })
        return null
      }
      try {
        const { value, creditsSpent } = await fetch()
        total += creditsSpent
        return value
      } catch (thrown) {
        throwIfAborted(signal, withMoreCredits(thrown, total))
        const { code, message, hint, creditsSpent } = asAppError(thrown)
        if (code === 'internal') throw thrown
        total += creditsSpent
        remarks.push({ kind: 'part_failed', part, code, message, hint })
        return null
      }
    },
  }
}
