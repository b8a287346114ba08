import { expect, it, onTestFinished } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { createGate } from '../../src/limits/gate/gate.ts'
import type { Ledger } from '../../src/limits/ledger/ledger.ts'
import { createLogger } from '../../src/log.ts'
import { systemClock } from '../../src/time/clock.ts'
import { createParse, parse } from '../../src/upstreams/parse/upstream.ts'
import { createCacheFixture } from '../support/cache-fixture.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { createMemoryLedgerFixture } from '../support/ledger-fixture.ts'
import { startParseServer } from '../support/parse-server.ts'
import { openUpstreamClient } from '../support/upstream-client.ts'

const signal = new AbortController().signal
const [ID, OTHER_ID] = ['7000000001', '7000000002']

it('gives what is kept though the ledger fails, and asks for nothing new', async () => {
  const server = await startParseServer({ rows: makeIndexRows(2, ['https://cbu01.alicdn.com/img/ibank/a.jpg']) })
  const upstream = createParse({ baseUrl: server.url, apiKey: server.key, clock: systemClock })
  const [ledgers, caches] = [createMemoryLedgerFixture(), createCacheFixture()]
  const plan = { name: 'test', allowance: { callsPerMinute: 5, creditsPerMonth: 10, creditResetDay: null } }
  let isFull = false
  const unlessFull = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isFull) throw new AppError({ code: 'store_unavailable', message: 'The disk is full.', hint: 'Make room.' })
    return work()
  }
  const openLedger = (): Ledger => {
    const ledger = ledgers.open(plan.allowance, systemClock)
    const { acquire, usage } = ledger
    return {
      ...ledger,
      acquire: (ticket, credits) => unlessFull(() => acquire(ticket, credits)),
      usage: () => unlessFull(usage),
    }
  }
  const logger = createLogger({ level: 'silent', write: () => undefined })
  let aheadMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs }
  const gate = createGate({ plan, openLedger, mode: 'closed', retries: parse.retries, logger, clock })
  const metering = { gate, cache: caches.open(systemClock), scope: 'test', plan, wireMs: 20_000 }
  const client = openUpstreamClient({ upstream, metering, now: Date.now })
  onTestFinished(async () => {
    await client.close()
    await caches.remove()
    ledgers.remove()
    await server.close()
  })

  await client.fetchDetails(ID, { signal })
  expect(await client.creditsLeft()).toBe(9)
  isFull = true
  expect(await client.fetchDetails(ID, { signal })).toMatchObject({ creditsSpent: 0, staleBecause: null })
  expect(await client.creditsLeft()).toBe(9)
  aheadMs = 1_000
  expect(await client.creditsLeft()).toBeNull()
  await expect(client.fetchDetails(OTHER_ID, { signal })).rejects.toMatchObject({ code: 'store_unavailable' })
  await expect(client.usage()).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(server.calls).toHaveLength(1)
})
