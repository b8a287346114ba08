import autocannon from 'autocannon'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addKey, startService, type TestService, toolCall } from './service.ts'

/** Calls that one key starts, and over how many connections. */
const STARTS = 10_000
const CONNECTIONS = 400

/** What a machine with other work on it adds by chance. */
const NOISE_MS = 25

let tested: TestService
beforeAll(async () => {
  tested = await startService()
})
afterAll(() => tested.close())

// Some 8 s: each refused start waits 0.25 s for a place.
it('10,000 parallel starts of a search by one key: 32 run, the others are refused, and other keys are served as ever', async () => {
  const [greedy, other] = [(await addKey(tested.dir)).text, (await addKey(tested.dir)).text]
  const search = toolCall('search_by_image', { image_url: 'https://example.com/a.jpg' })
  const answerMs = async (): Promise<number> => {
    const startedAt = performance.now()
    const { headers, ...rest } = toolCall('get_product_details', { offer_id: '7000000001' })
    const answer = await fetch(`${tested.url}/mcp`, { ...rest, headers: { ...headers, 'x-api-key': other } })
    expect(answer.status).toBe(200)
    await answer.text()
    return performance.now() - startedAt
  }
  const usual = await medianOf(20, answerMs)

  const release = tested.services.hold('search')
  const begun = tested.services.begun
  const flood = autocannon({
    url: `${tested.url}/mcp`,
    method: 'POST',
    headers: { ...search.headers, 'x-api-key': greedy },
    body: search.body,
    connections: CONNECTIONS,
    amount: STARTS,
    timeout: 30,
    // The load comes from another thread, so that it does not hold up the server under test.
    workers: 1,
  })
  await expect.poll(() => tested.services.begun - begun, { timeout: 10_000 }).toBe(32)
  const flooded = await medianOf(20, answerMs)
  expect(flooded).toBeLessThan(2 * usual + NOISE_MS)
  // Each connection has an equal share of the starts; those of the 32 that run go on when they are let go.
  await expect.poll(refusals, { timeout: 25_000 }).toBe(((CONNECTIONS - 32) * STARTS) / CONNECTIONS)
  release()
  const result = await flood
  expect(result['2xx'] + result['4xx']).toBe(STARTS)
  expect(result['4xx']).toBeGreaterThan(STARTS / 2)
  expect(result.errors).toBe(0)
})

const refusals = () => tested.log.filter(line => line.includes('"status":429')).length

async function medianOf(count: number, measure: () => Promise<number>): Promise<number> {
  const readings: number[] = []
  for (let n = 0; n < count; n++) readings.push(await measure())
  return readings.sort((a, b) => a - b)[Math.floor(count / 2)] ?? 0
}
