/** What every ledger must do with credits that are reserved while a call runs; part of the suite. */
import { describe, expect, test } from 'vitest'
import type { Allowance } from '../../src/limits/ledger/allowance.ts'
import type { Ledger } from '../../src/limits/ledger/ledger.ts'

const MONTH_MS = 30 * 86_400_000
const CREDITS: Allowance = { callsPerMinute: null, creditsPerMonth: 3, creditResetDay: null }

/** Declares the cases. @param ledgerOf opens the suite's store once more. */
export function describeReserving(ledgerOf: (allowance: Allowance) => Promise<Ledger>): void {
  describe('credits while a call runs', () => {
    const freeCall = async (ledger: Ledger): Promise<number> => {
      const grant = await ledger.acquire(`ticket-${Math.random()}`, 0)
      if (!grant.granted) throw new Error(`refused for ${grant.reason}`)
      return grant.callId
    }

    test('can be reserved while the call runs, and never more than are left', async () => {
      const [one, two] = [await ledgerOf(CREDITS), await ledgerOf(CREDITS)]
      const [first, second] = [await freeCall(one), await freeCall(two)]
      expect(await Promise.all([one.reserve(first, 2), two.reserve(second, 1)])).toEqual([null, null])
      expect(await two.reserve(second, 1)).toEqual({ reason: 'credits', retryAfterMs: MONTH_MS })
      expect((await two.usage()).creditsUsed).toBe(3)
      expect((await two.acquire('what is kept', 0)).granted).toBe(true)
      await one.settle(first, { kind: 'answered', headersAfterMs: 9, credits: 1 })
      expect(await two.reserve(second, 1)).toBeNull()
      await two.settle(second, { kind: 'unknown' })
      expect((await one.usage()).creditsUsed).toBe(3)
      expect(await one.reserve(first, 0)).toBeNull()
    })

    test('of many who reserve at once, as many get some as there are', async () => {
      const ledgers = await Promise.all([1, 2, 3, 4, 5].map(() => ledgerOf(CREDITS)))
      const answers = await Promise.all(ledgers.map(async one => one.reserve(await freeCall(one), 1)))
      expect(answers.filter(answer => answer === null)).toHaveLength(3)
      expect((await ledgerOf(CREDITS).then(one => one.usage())).creditsUsed).toBe(3)
    })
  })
}
