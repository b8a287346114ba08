import { describe, expect, it } from 'vitest'
import { AppError, throwIfAborted } from '../../../src/errors.ts'
import type { DetailsResult } from '../../../src/offers/results/results.ts'
import type { CallOptions } from '../../../src/upstream-calls/call-options.ts'
import type { UpstreamClient } from '../../../src/upstream-calls/upstream-client.ts'
import { createCompareOffers } from '../../../src/use-cases/buying/compare-offers.ts'
import { makeDetails } from '../../support/details.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

const WISHES = { quantity: 100, variant: null, maxMoq: null, maxUnitPrice: null }

async function ended(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
}

/** An upstream of which some ids are kept, some fail and some never answer. */
function makeCompare({ kept = [], failing = {}, silent = [], others = [], budgetMs = 10_000 }: Setup) {
  const read: string[] = []
  const upstream = makeUpstreamClient('parse', 1, { detailsCost: async offerId => (kept.includes(offerId) ? 0 : 1) })
  const getDetails = async ({ offerId }: { offerId: string }, { signal }: CallOptions): Promise<DetailsResult> => {
    read.push(offerId)
    if (silent.includes(offerId)) await ended(signal)
    throwIfAborted(signal)
    const failure = failing[offerId]
    if (failure) throw failure
    return {
      details: makeDetails(offerId),
      source: { upstream: 'parse', retrievedAt: 1_000, ageS: 9, stale: false },
      credits: { spent: kept.includes(offerId) ? 0 : 1, remaining: null },
      remarks: [{ kind: 'limits_not_shared' }],
    }
  }
  const compare = createCompareOffers({
    exchangeRates: { find: async () => null },
    upstreams: [upstream, ...others],
    getDetails,
    takeRemarks: () => [],
    now: () => 10_000,
    budgetMs,
  })
  const run = (references: string[], options: { dryRun?: boolean; call?: Partial<CallOptions> } = {}) => {
    const call = { signal: new AbortController().signal, ...options.call }
    return compare({ references, wishes: WISHES, dryRun: options.dryRun ?? false }, call)
  }
  return { run, read }
}

interface Setup {
  kept?: string[]
  failing?: Record<string, Error>
  silent?: string[]
  others?: UpstreamClient[]
  budgetMs?: number
}

const limited = (creditsSpent = 0) =>
  new AppError({
    code: 'rate_limited',
    message: 'The limit is met.',
    hint: 'Wait.',
    retryable: true,
    retryAfterMs: 60_000,
    creditsSpent,
  })

describe('comparing', () => {
  it('reports the cost before anything is spent', async () => {
    const { run, read } = makeCompare({ kept: ['70001'] })
    const result = await run(['70001', '70002', '70003', 'no id', '70003'], { dryRun: true })
    expect(result).toMatchObject({ isDryRun: true, cost: { offers: 3, free: 1, credits: 2 }, offers: [] })
    expect(result.failures.map(failure => failure.reference)).toEqual(['no id'])
    expect(read).toEqual([])
  })

  it('says what it costs at most where the first source may fail', async () => {
    const others = [makeUpstreamClient('tmapi', 2, { detailsCost: async () => 2 })]
    const { run } = makeCompare({ kept: ['70001'], others })
    const { cost } = await run(['70001', '70002', '70003'], { dryRun: true })
    expect(cost).toEqual({ offers: 3, free: 1, credits: 2, atMost: 6 })
  })

  it('reads each offer once, in any form of link, and sums what it cost', async () => {
    const { run, read } = makeCompare({ kept: ['70001'] })
    const progress: number[] = []
    const onProgress = ({ done }: { done: number }) => void progress.push(done)
    const result = await run(['70001', 'https://m.1688.com/offer/70002.html', 'detail.1688.com/offer/70002.html'], {
      call: { onProgress },
    })
    expect(read).toEqual(['70001', '70002'])
    expect(result.offers).toHaveLength(2)
    expect(result).toMatchObject({ credits: { spent: 1 }, source: { upstream: 'parse', ageS: 9, stale: false } })
    expect(result.remarks).toEqual([{ kind: 'limits_not_shared' }])
    expect(progress).toEqual([1, 2])
  })

  it('lets no failure spoil the others, and counts what it cost', async () => {
    const failing = { '70002': new AppError({ code: 'not_found', message: 'Gone.', hint: 'Search.', creditsSpent: 1 }) }
    const { run } = makeCompare({ failing: { ...failing, '70004': limited() } })
    const result = await run(['70001', '70002', 'https://evil.com/offer/70003.html\u202e', '70004'])
    expect(result.offers).toHaveLength(1)
    expect(result.failures.map(({ reference, error }) => [reference, error.code])).toEqual([
      ['https://evil.com/offer/70003.html', 'invalid_input'],
      ['70002', 'not_found'],
      ['70004', 'rate_limited'],
    ])
    expect(result.credits.spent).toBe(2)
  })

  it('gives what was read when time is up, and says what was not', async () => {
    const { run } = makeCompare({ silent: ['70002'], budgetMs: 20 })
    const result = await run(['70001', '70002'])
    expect(result.offers).toHaveLength(1)
    expect(result.failures).toMatchObject([
      { reference: '70002', error: { code: 'deadline_exceeded', retryable: true } },
    ])
  })

  it('fails as a whole where all fail for one reason', async () => {
    const { run } = makeCompare({ failing: { '70001': limited(1), '70002': limited(1) } })
    await expect(run(['70001', '70002'])).rejects.toMatchObject({ code: 'rate_limited', creditsSpent: 2 })
    await expect(run(['a', 'b'], { dryRun: true })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('ends with its caller, and does not hide a bug', async () => {
    const gone = new AbortController()
    const { run } = makeCompare({ silent: ['70001'], failing: { '70009': new TypeError('a bug') } })
    const running = run(['70001', '70002'], { call: { signal: gone.signal } })
    gone.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect(run(['70009', '70002'])).rejects.toThrow('a bug')
  })
})
