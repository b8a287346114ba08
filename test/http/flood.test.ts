import autocannon from 'autocannon'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addKey, startService, type TestService, toolCall } from './service.ts'

/** Calls that one key starts, and over how many connections; bench/flood.ts does it with five times as many, and takes the times. */
const STARTS = 2_000
const CONNECTIONS = 400

/** Calls of another key meanwhile. */
const OTHERS = 40

let tested: TestService
beforeAll(async () => {
  tested = await startService()
})
afterAll(() => tested.close())

it('2,000 parallel starts of a search by one key: 32 run, the others are refused, and other keys are served', async () => {
  const [greedy, other] = [(await addKey(tested.dir)).text, (await addKey(tested.dir)).text]
  const search = toolCall('search_by_image', { image_url: 'https://example.com/a.jpg' })
  const details = toolCall('get_product_details', { offer_id: '7000000001' })

  const release = tested.services.hold('search')
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
  await expect.poll(() => tested.services.begun, { timeout: 30_000 }).toBe(32)
  for (let call = 0; call < OTHERS; call++) {
    const answer = await fetch(`${tested.url}/mcp`, { ...details, headers: { ...details.headers, 'x-api-key': other } })
    expect(answer.status).toBe(200)
  }
  // Each connection has an equal share of the starts; those of the 32 that run go on when they are let go.
  await expect.poll(refusals, { timeout: 60_000 }).toBe(((CONNECTIONS - 32) * STARTS) / CONNECTIONS)
  release()
  const result = await flood
  expect(result['2xx'] + result['4xx']).toBe(STARTS)
  expect(result['4xx']).toBeGreaterThan(STARTS / 2)
  expect(result.errors).toBe(0)
}, 120_000)

const refusals = () => tested.log.filter(line => line.includes('"status":429')).length
