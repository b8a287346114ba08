/** Checks of long watch lists in virtual time, through the real gate and ledger, against an upstream that counts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { createSqliteWatchStore } from '../../../src/history/sqlite/watch-store.ts'
import type { WatchStore } from '../../../src/history/watch-store.ts'
import { CallError } from '../../../src/limits/gate/call-report.ts'
import type { Gate } from '../../../src/limits/gate/gate.ts'
import type { CheckResult } from '../../../src/offers/results/watch-result.ts'
import { MAX_WATCHED } from '../../../src/offers/watched.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createFailover } from '../../../src/upstream-calls/failover.ts'
import type { UpstreamCallOptions } from '../../../src/upstream-calls/metered-call.ts'
import { createSources } from '../../../src/use-cases/catalogue-sources.ts'
import { createGetDetails } from '../../../src/use-cases/offer/get-details.ts'
import { createCheckWatched } from '../../../src/use-cases/watching/check-watched.ts'
import { makeDetails } from '../../support/details.ts'
import { createGateWorld, type GateWorld } from '../../support/gate-world.ts'
import { slidingLog } from '../../support/limiter-models.ts'
import { openOwnFile } from '../../support/own-file.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeTempDir } from '../../support/program.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

const OWNERS = ['operator', 'key:aaaaaaaa'] as const
const HALF_DAY_MS = 12 * 3_600_000
/** How long the upstream takes to answer. */
const ANSWER_MS = 700

let world: GateWorld
let watches: WatchStore
let close: () => Promise<void>
beforeEach(() => {
  world = createGateWorld()
  const dir = makeTempDir()
  const own = openOwnFile(dir.path)
  watches = createSqliteWatchStore(own.useOwnFile)
  close = async () => {
    await own.close()
    dir.remove()
  }
})
afterEach(async () => {
  await world.end()
  await close()
})

/** An upstream that allows so many calls in any minute. */
function createUpstream(gate: Gate, perMinute: number) {
  const { clock } = world
  const limiter = slidingLog(perMinute)
  const reads: string[] = []
  let refused = 0
  const fetchDetails = async (offerId: string, call: UpstreamCallOptions) => {
    await call.payer?.reserve(1)
    const { signal, maxWaitMs } = call
    return gate.run(
      async () => {
        reads.push(offerId)
        const retryAfterMs = limiter.judge(clock.now())
        if (retryAfterMs !== null) {
          refused += 1
          const words = { code: 'rate_limited', message: 'Too many calls.', hint: 'Wait.' } as const
          throw new CallError(words, world.answer(429, { retryAfterMs }))
        }
        await new Promise<void>(resolve => clock.setTimer(resolve, ANSWER_MS))
        return { value: makeDetails(offerId), report: world.answer(200) }
      },
      { signal, credits: 1, maxWaitMs },
    )
  }
  return { client: makeUpstreamClient('parse', 1, { fetchDetails }), reads, refused: () => refused }
}

function createCheck(owner: string, client: ReturnType<typeof createUpstream>['client']) {
  const { now } = world.clock
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  const sources = createSources({ catalogue, upstreams: [client], isSampleStandIn: false })
  const common = {
    catalogue,
    sources,
    failover: createFailover([client], world.clock),
    takeRemarks: () => [],
    logger,
    now,
  }
  const notAsked = () => Promise.reject(new Error('not asked here'))
  return createCheckWatched({
    watches,
    owner,
    upstreams: [client],
    takeRemarks: () => [],
    now,
    getDetails: createGetDetails({ ...common, upstreams: [client], readPast: async () => [] }),
    searchByKeyword: notAsked,
    searchByImage: notAsked,
  })
}

async function watch(owner: string, from: number): Promise<void> {
  const targets = Array.from({ length: MAX_WATCHED }, (_, number) => {
    return { kind: 'offer' as const, target: String(710_000_000_000 + from + number), state: null }
  })
  await watches.add(owner, targets, world.clock.now())
}

const CALL = { signal: new AbortController().signal }
const PATIENT = { minAgeMs: HALF_DAY_MS, budgetMs: null }

describe('a check of 1,000 watched offers', () => {
  test.each([5, 20, 250])('at %i calls a minute is never refused and reads each once', async perMinute => {
    const gate = world.openGate({}, { callsPerMinute: perMinute, creditsPerMonth: 100_000, creditResetDay: 1 })
    const { client, reads, refused } = createUpstream(gate, perMinute)
    const results: CheckResult[] = []
    for (const [index, owner] of OWNERS.entries()) {
      await watch(owner, index * MAX_WATCHED)
      void createCheck(owner, client)({ ...PATIENT, maxCredits: 1_000 }, CALL).then(result => results.push(result))
    }
    await world.clock.advance((1_000 / perMinute) * 60_000 + 120_000)
    expect(results).toMatchObject(
      OWNERS.map(() => ({ checked: MAX_WATCHED, left: 0, credits: { spent: MAX_WATCHED } })),
    )
    expect(refused()).toBe(0)
    expect(reads).toHaveLength(1_000)
    expect(new Set(reads).size).toBe(1_000)
  })

  test('spends its budget to the credit, and the next ones go on until all are read', async () => {
    const gate = world.openGate({}, { callsPerMinute: 250, creditsPerMonth: 100_000, creditResetDay: 1 })
    const { client, reads } = createUpstream(gate, 250)
    const check = createCheck('operator', client)
    await watch('operator', 0)
    const spent: unknown[] = []
    for (const maxCredits of [0, 123, 300, 300]) {
      void check({ ...PATIENT, maxCredits }, CALL).then(({ credits, left, isOutOfCredits }) =>
        spent.push([credits.spent, left, isOutOfCredits]),
      )
      await world.clock.advance(180_000)
    }
    expect(spent).toEqual([
      [0, 500, true],
      [123, 377, true],
      [300, 77, true],
      [77, 0, false],
    ])
    expect(new Set(reads).size).toBe(reads.length)
  })

  test('that has 38 s says how many are left and goes on at the next call', async () => {
    const gate = world.openGate({}, { callsPerMinute: 20, creditsPerMonth: 100_000, creditResetDay: 1 })
    const { client, reads, refused } = createUpstream(gate, 20)
    const check = createCheck('operator', client)
    await watch('operator', 0)
    let left = MAX_WATCHED
    for (let calls = 0; calls < 3; calls++) {
      const before = left
      void check({ minAgeMs: HALF_DAY_MS, budgetMs: 38_000, maxCredits: 1_000 }, CALL).then(result => {
        left = result.left
      })
      await world.clock.advance(45_000)
      expect(left).toBeLessThan(before)
    }
    expect(new Set(reads).size).toBe(reads.length)
    expect(refused()).toBe(0)
  })
})
