import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CacheFixture, createCacheFixture } from '../support/cache-fixture.ts'
import {
  type AskingProcess,
  type CountingServer,
  startAskingProcess,
  startCountingServer,
} from '../support/cache-processes.ts'
import { testOn } from '../support/test-on.ts'

let server: CountingServer
beforeEach(async () => {
  server = await startCountingServer()
})
afterEach(() => server.close())

describe('two real processes', () => {
  let fixture: CacheFixture
  let first: AskingProcess
  let second: AskingProcess
  beforeAll(() => {
    fixture = createCacheFixture()
    first = startAskingProcess(fixture.file)
    second = startAskingProcess(fixture.file)
  })
  afterAll(async () => {
    await first.kill()
    await second.kill()
    await fixture.remove()
  })

  test('a hundred callers each for the same offer fetch it once', async () => {
    const order = { url: server.url, ids: ['same'], calls: 100 }
    await Promise.all([first.ask(order), second.ask(order)])
    server.answer()
    const reports = await Promise.all([first.report(), second.report()])
    expect(reports.map(report => report.titles)).toEqual([{ 'title of same': 100 }, { 'title of same': 100 }])
    expect(reports.map(report => report.creditsSpent).sort()).toEqual([0, 1])
    expect(server.fetched).toEqual(['same'])
  })

  test('many offers at once cost one fetch each', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `id-${n}`)
    server.answer()
    await Promise.all([first, second].map(it => it.ask({ url: server.url, ids, calls: 3 })))
    const reports = await Promise.all([first.report(), second.report()])
    expect(reports.map(report => Object.keys(report.titles).length)).toEqual([100, 100])
    expect(reports.map(report => report.warnings)).toEqual([0, 0])
    expect([...server.fetched].sort()).toEqual([...ids].sort())
  })

  test('a killed one blocks no caller for longer than its lease', async () => {
    await first.ask({ url: server.url, ids: ['doomed'] })
    await server.seen(1)
    await first.kill()
    // This clock is so far ahead that the lease has only half a second left.
    await second.ask({ url: server.url, ids: ['doomed'], aheadMs: 4_500 })
    expect(server.fetched).toHaveLength(1)
    await server.seen(2)
    server.answer()
    expect(await second.report()).toEqual({ titles: { 'title of doomed': 1 }, creditsSpent: 1, warnings: 0 })
  })
})

testOn(['linux', 'darwin'], 'on a full disk every call is answered, and it is said once', async () => {
  const fixture = createCacheFixture()
  const cramped = startAskingProcess(fixture.file, 300)
  const ids = Array.from({ length: 60 }, (_, n) => `id-${n}`)
  server.answer(10_000)
  await cramped.ask({ url: server.url, ids })
  const { titles, warnings } = await cramped.report()
  await cramped.kill()
  await fixture.remove()
  expect(Object.keys(titles)).toEqual(ids.map(id => `title of ${id}`.padEnd(10_000, '.')))
  expect(warnings).toBe(1)
})
