import autocannon from 'autocannon'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'
import { type Stopwatch, startStopwatch } from '../support/stopwatch.ts'
import { addKey, startService, type TestService, toolCall } from './service.ts'

/** Calls that one key starts, and over how many connections. */
const STARTS = 10_000
const CONNECTIONS = 400

/** What timers and the scheduler add by chance. */
const NOISE_MS = 10

/** Calls that are timed. */
const ROUNDS = 41

let tested: TestService
let neighbourDir: TempDir
/** A server that nobody floods, in a process of its own: what slows it is the machine. */
let neighbour: ServeProcess
beforeAll(async () => {
  tested = await startService()
  neighbourDir = makeTempDir()
  neighbour = await startServe(neighbourDir.path)
})
afterAll(async () => {
  await tested.close()
  await neighbour.close()
  neighbourDir.remove()
})

// Some 8 s: each refused start waits 0.25 s for a place.
it('10,000 parallel starts of a search by one key: 32 run, the others are refused, and other keys are served as ever', async () => {
  const [greedy, other] = [(await addKey(tested.dir)).text, (await addKey(tested.dir)).text]
  const search = toolCall('search_by_image', { image_url: 'https://example.com/a.jpg' })
  const details = toolCall('get_product_details', { offer_id: '7000000001' })
  const stopwatch = startStopwatch([
    { url: `${tested.url}/mcp`, init: { ...details, headers: { ...details.headers, 'x-api-key': other } } },
    { url: `${neighbour.url}/mcp`, init: toolCall('get_product_details', { offer_id: '10001' }) },
  ])
  await stopwatch.medians(5)
  const usual = await timesOf(stopwatch)

  const release = tested.services.hold('search')
  const begun = tested.services.begun
  const flood = autocannon({
    url: `${tested.url}/mcp`,
    method: 'POST',
    headers: { ...search.headers, 'x-api-key': greedy },
    body: search.body,
    connections: CONNECTIONS,
    amount: STARTS,
    timeout: 90,
    // The load comes from another thread, so that it does not hold up the server under test.
    workers: 1,
  })
  await expect.poll(() => tested.services.begun - begun, { timeout: 30_000 }).toBe(32)
  const flooded = await timesOf(stopwatch)
  await stopwatch.close()
  const machine = Math.max(1, flooded.neighbour / usual.neighbour)
  const times = JSON.stringify({ usual, flooded })
  expect(flooded.tested, times).toBeLessThan(2 * usual.tested * machine + NOISE_MS)
  // Each connection has an equal share of the starts; those of the 32 that run go on when they are let go.
  await expect.poll(refusals, { timeout: 60_000 }).toBe(((CONNECTIONS - 32) * STARTS) / CONNECTIONS)
  release()
  const result = await flood
  expect(result['2xx'] + result['4xx']).toBe(STARTS)
  expect(result['4xx']).toBeGreaterThan(STARTS / 2)
  expect(result.errors).toBe(0)
}, 120_000)

const refusals = () => tested.log.filter(line => line.includes('"status":429')).length

async function timesOf(stopwatch: Stopwatch): Promise<{ tested: number; neighbour: number }> {
  const [tested = Number.NaN, neighbour = Number.NaN] = await stopwatch.medians(ROUNDS)
  return { tested, neighbour }
}
