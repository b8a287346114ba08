/** What every ledger must do: each implementation runs this suite on its own store. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Allowance } from '../../src/limits/ledger/allowance.ts'
import type { Grant, Ledger, Outcome } from '../../src/limits/ledger/ledger.ts'
import { describeReserving } from './ledger-reserve-cases.ts'

/** One fresh store, and its time. */
export interface LedgerHarness {
  /** One more user of the store, as another process would be. */
  open(allowance: Allowance): Promise<Ledger>
  /** Lets time pass on every clock, with nothing else happening. */
  pass(ms: number): void
  /** Sets the wall clock to this moment, milliseconds since 1970; nothing else notices. */
  setWallTo(at: number): void
  /** Closes and deletes the store; the ledgers are closed before. */
  remove(): Promise<void>
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const RATE: Allowance = { callsPerMinute: 5, creditsPerMonth: null, creditResetDay: null }
const CREDITS: Allowance = { callsPerMinute: null, creditsPerMonth: 3, creditResetDay: null }
const ANSWERED: Outcome = { kind: 'answered', headersAfterMs: 200 }

/** Declares the suite. */
export function describeLedger(name: string, createHarness: () => Promise<LedgerHarness>): void {
  describe(`a ledger on ${name}`, () => {
    let harness: LedgerHarness
    const open: Ledger[] = []
    const ledgerOf = async (allowance: Allowance): Promise<Ledger> => {
      const ledger = await harness.open(allowance)
      open.push(ledger)
      return ledger
    }
    beforeEach(async () => {
      harness = await createHarness()
    })
    afterEach(async () => {
      for (const ledger of open.splice(0)) await ledger.close()
      await harness.remove()
    })

    describe('rate', () => {
      test('grants a minute’s calls at once and then says when the first slot ends', async () => {
        const ledger = await ledgerOf(RATE)
        for (let call = 0; call < 5; call++) {
          await ledger.settle(await grantedId(ledger), ANSWERED)
          harness.pass(1_000)
        }
        // The first call's headers came 200 ms after its grant, 5 s ago.
        expect(await ledger.acquire('sixth', 1)).toEqual({ granted: false, reason: 'rate', retryAfterMs: 55_200 })
        harness.pass(55_199)
        expect(await ledger.acquire('sixth', 1)).toMatchObject({ granted: false, retryAfterMs: 1 })
        harness.pass(1)
        expect((await ledger.acquire('sixth', 1)).granted).toBe(true)
      })

      test.each([
        { ended: 'with late headers', outcome: { kind: 'answered', headersAfterMs: 9_000 }, slotMs: 60_600 },
        { ended: 'in a way nobody knows', outcome: { kind: 'unknown' }, slotMs: 60_600 },
        { ended: 'never (its process died)', outcome: null, slotMs: 60_600 },
        { ended: 'before anything was sent', outcome: { kind: 'not_sent' }, slotMs: 0 },
      ] as const)('a call that ended $ended holds its slot for $slotMs ms', async ({ outcome, slotMs }) => {
        const ledger = await ledgerOf({ ...RATE, callsPerMinute: 1 })
        const callId = await grantedId(ledger)
        if (outcome !== null) await ledger.settle(callId, outcome)
        expect(waitOf(await ledger.acquire('next', 1))).toBe(slotMs)
      })

      test('every user of the store counts the same calls', async () => {
        const [one, two] = [await ledgerOf(RATE), await ledgerOf(RATE)]
        for (let call = 0; call < 5; call++) await grantedId(call % 2 === 0 ? one : two)
        expect((await one.acquire('a', 1)).granted).toBe(false)
        expect((await two.acquire('b', 1)).granted).toBe(false)
      })

      test('without a rate nothing is refused', async () => {
        const ledger = await ledgerOf({ ...RATE, callsPerMinute: null })
        for (let call = 0; call < 50; call++) await grantedId(ledger)
        expect(await ledger.usage()).toMatchObject({ callsFree: null, nextCallInMs: 0, creditsUsed: 50 })
      })
    })

    describe('queue', () => {
      const full = async (allowance = RATE): Promise<[Ledger, Ledger]> => {
        const ledgers: [Ledger, Ledger] = [await ledgerOf(allowance), await ledgerOf(allowance)]
        for (let call = 0; call < 5; call++) await grantedId(ledgers[0])
        return ledgers
      }
      /** Lets time pass while the tickets keep asking. */
      const waitWith = async (ms: number, asks: [Ledger, string][]): Promise<void> => {
        for (let left = ms; left > 0; left -= 4_000) {
          harness.pass(Math.min(left, 4_000))
          if (left > 4_000) for (const [ledger, ticket] of asks) await ledger.acquire(ticket, 1)
        }
      }

      test('is first come, first served across processes', async () => {
        const [one, two] = await full({ ...RATE, callsPerMinute: 5 })
        await one.acquire('first', 1)
        await two.acquire('second', 1)
        await waitWith(60_600, [
          [one, 'first'],
          [two, 'second'],
        ])
        // Five slots are free and one waits ahead of each newcomer but the first.
        for (const ticket of ['n1', 'n2', 'n3']) expect((await two.acquire(ticket, 1)).granted).toBe(true)
        expect((await two.acquire('n4', 1)).granted).toBe(false)
        expect((await two.acquire('second', 1)).granted).toBe(true)
        expect((await one.acquire('first', 1)).granted).toBe(true)
      })

      test('gives each waiting call its own time to ask again', async () => {
        const ledger = await ledgerOf(RATE)
        for (let call = 0; call < 5; call++) {
          await ledger.settle(await grantedId(ledger), { kind: 'answered', headersAfterMs: 0 })
          harness.pass(1_000)
        }
        const waits = []
        for (let ticket = 0; ticket < 6; ticket++) waits.push(waitOf(await ledger.acquire(`t${ticket}`, 1)))
        expect(waits).toEqual([55_000, 56_000, 57_000, 58_000, 59_000, 60_600])
      })

      test('a place can be given up', async () => {
        const [one, two] = await full()
        await one.acquire('first', 1)
        await one.leave('first')
        expect((await two.usage()).waiting).toBe(0)
      })

      test('who does not ask for 5 s is forgotten', async () => {
        const [one, two] = await full()
        await one.acquire('dead', 1)
        harness.pass(4_999)
        expect((await two.usage()).waiting).toBe(1)
        harness.pass(1)
        expect((await two.usage()).waiting).toBe(0)
      })
    })

    describe('credits', () => {
      test('are reserved by the call and never overdrawn', async () => {
        const ledger = await ledgerOf(CREDITS)
        await grantedId(ledger, 2)
        expect(await ledger.acquire('too much', 2)).toMatchObject({ granted: false, reason: 'credits' })
        await grantedId(ledger, 1)
        expect(await ledger.usage()).toMatchObject({ creditsUsed: 3, creditsLeft: 0, waiting: 0 })
      })

      test.each([
        { outcome: { kind: 'answered', headersAfterMs: 9 }, used: 1 },
        { outcome: { kind: 'answered', headersAfterMs: 9, credits: 3 }, used: 3 },
        { outcome: { kind: 'answered', headersAfterMs: 9, credits: 0 }, used: 0 },
        { outcome: { kind: 'unknown' }, used: 1 },
        { outcome: { kind: 'not_sent' }, used: 0 },
        { outcome: { kind: 'limited', headersAfterMs: 9, retryAfterMs: 9 }, used: 0 },
        { outcome: { kind: 'limited', headersAfterMs: 9, retryAfterMs: 9, credits: 1 }, used: 1 },
      ] as const)('$outcome costs $used', async ({ outcome, used }) => {
        const ledger = await ledgerOf(CREDITS)
        const callId = await grantedId(ledger)
        await ledger.settle(callId, outcome)
        expect((await ledger.usage()).creditsUsed).toBe(used)
        await ledger.settle(callId, { kind: 'answered', headersAfterMs: 9, credits: 2 })
        expect((await ledger.usage()).creditsUsed).toBe(used)
      })

      test('come back one by one after 30 days if no reset day is known', async () => {
        const ledger = await ledgerOf(CREDITS)
        expect((await ledger.usage()).creditsResetAt).toBeNull()
        harness.setWallTo(Date.UTC(2026, 9, 14))
        await grantedId(ledger)
        harness.pass(10 * DAY_MS)
        await grantedId(ledger, 2)
        expect(waitOf(await ledger.acquire('x', 1))).toBe(20 * DAY_MS)
        expect((await ledger.usage()).creditsResetAt).toBe(Date.UTC(2026, 10, 13))
        harness.pass(20 * DAY_MS)
        expect(await ledger.usage()).toMatchObject({ creditsUsed: 2, creditsLeft: 1 })
      })

      test('all reset on the reset day, midnight UTC', async () => {
        const ledger = await ledgerOf({ ...CREDITS, creditResetDay: 15 })
        harness.setWallTo(Date.UTC(2026, 11, 20))
        await grantedId(ledger, 3)
        const resetAt = Date.UTC(2027, 0, 15)
        expect((await ledger.usage()).creditsResetAt).toBe(resetAt)
        expect(waitOf(await ledger.acquire('x', 1))).toBe(resetAt - Date.UTC(2026, 11, 20))
        harness.setWallTo(resetAt - 1)
        expect((await ledger.acquire('x', 1)).granted).toBe(false)
        harness.setWallTo(resetAt)
        expect((await ledger.acquire('x', 1)).granted).toBe(true)
      })

      test('of a call that ends in the next month stay in the month of the call', async () => {
        const ledger = await ledgerOf({ ...CREDITS, creditResetDay: 1 })
        harness.setWallTo(Date.UTC(2026, 10, 30, 23, 59, 59))
        const callId = await grantedId(ledger)
        harness.setWallTo(Date.UTC(2026, 11, 1))
        await ledger.settle(callId, { kind: 'answered', headersAfterMs: 1_000, credits: 2 })
        expect((await ledger.usage()).creditsUsed).toBe(0)
      })
    })

    describeReserving(ledgerOf)

    describe('a 429', () => {
      const limitedBy = (retryAfterMs: number): Outcome => ({ kind: 'limited', headersAfterMs: 100, retryAfterMs })

      test('blocks every process until the upstream’s time, an hour at most', async () => {
        const [one, two] = [await ledgerOf(RATE), await ledgerOf(RATE)]
        await one.settle(await grantedId(one), limitedBy(90_000))
        expect(await two.acquire('x', 1)).toEqual({ granted: false, reason: 'blocked', retryAfterMs: 90_000 })
        harness.pass(90_000)
        await two.settle(await grantedId(two), limitedBy(DAY_MS))
        expect(await one.acquire('x', 1)).toEqual({ granted: false, reason: 'blocked', retryAfterMs: HOUR_MS })
      })

      test('spaces calls evenly, wider with every further window that sees one', async () => {
        const ledger = await ledgerOf(RATE)
        await ledger.settle(await grantedId(ledger), limitedBy(0))
        expect(await ledger.usage()).toMatchObject({ evenlySpaced: true, callsFree: 0, nextCallInMs: 12_120 })
        harness.pass(12_120)
        expect(await ledger.usage()).toMatchObject({ callsFree: 1, nextCallInMs: 0 })
        await ledger.settle(await grantedId(ledger), limitedBy(0))
        expect((await ledger.usage()).nextCallInMs).toBe(12_120)
        harness.pass(MINUTE_MS)
        await ledger.settle(await grantedId(ledger), limitedBy(0))
        expect((await ledger.usage()).nextCallInMs).toBe(12_720)
        expect(waitOf(await ledger.acquire('a', 1))).toBe(12_720)
        expect(waitOf(await ledger.acquire('b', 1))).toBe(2 * 12_720)
      })

      test('is forgotten after an hour of peace, and after two the next time', async () => {
        const ledger = await ledgerOf(RATE)
        for (const holdMs of [HOUR_MS, 2 * HOUR_MS]) {
          await ledger.settle(await grantedId(ledger), limitedBy(0))
          harness.pass(holdMs - 1)
          expect((await ledger.usage()).evenlySpaced).toBe(true)
          harness.pass(1)
          expect(await ledger.usage()).toMatchObject({ evenlySpaced: false, callsFree: 5 })
        }
      })

      test('for a day’s limit changes nothing but the block', async () => {
        const ledger = await ledgerOf(RATE)
        await ledger.settle(await grantedId(ledger), limitedBy(MINUTE_MS + 1))
        expect((await ledger.usage()).evenlySpaced).toBe(false)
      })
    })

    describe('a wall clock that is set', () => {
      test.each([
        { to: 'back', byMs: -HOUR_MS },
        { to: 'forward', byMs: HOUR_MS },
      ])('$to an hour neither opens nor blocks the window', async ({ byMs }) => {
        const start = Date.UTC(2026, 9, 14)
        harness.setWallTo(start)
        const ledger = await ledgerOf(RATE)
        for (let call = 0; call < 5; call++) await grantedId(ledger)
        harness.setWallTo(start + byMs)
        expect(waitOf(await ledger.acquire('x', 1))).toBe(60_600)
        harness.pass(60_600)
        expect((await ledger.acquire('x', 1)).granted).toBe(true)
      })

      test('back does not give credits back', async () => {
        harness.setWallTo(Date.UTC(2026, 9, 14))
        const ledger = await ledgerOf(CREDITS)
        await grantedId(ledger, 3)
        harness.setWallTo(Date.UTC(2026, 5, 1))
        expect((await ledger.usage()).creditsLeft).toBe(0)
      })
    })
  })
}

async function grantedId(ledger: Ledger, credits = 1): Promise<number> {
  const grant = await ledger.acquire(`ticket-${Math.random()}`, credits)
  if (!grant.granted) throw new Error(`refused for ${grant.reason}`)
  return grant.callId
}

/** How long a grant makes wait; 0 = not at all. */
function waitOf(grant: Grant): number {
  return grant.granted ? 0 : grant.retryAfterMs
}
