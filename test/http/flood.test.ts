import { afterAll, beforeAll, expect, it } from 'vitest'
import { MAX_IN_FLIGHT, startFlood } from './flood.ts'
import { addKey, connectRaw, startService, type TestService, toolCall } from './service.ts'

/** bench/flood.ts starts more than eight times as many, and measures times. */
const STARTS = 1_200

const OTHERS = 40

let tested: TestService
beforeAll(async () => {
  tested = await startService()
})
afterAll(() => tested.close())

it('1,200 parallel searches by one key: 32 run, the others are refused, and other keys are served', async () => {
  const [greedy, other] = [(await addKey(tested.dir)).text, (await addKey(tested.dir)).text]
  const details = toolCall('get_product_details', { offer_id: '7000000001' })

  const flood = startFlood(tested, greedy, STARTS)
  await expect.poll(() => tested.services.begun, { timeout: 30_000 }).toBe(MAX_IN_FLIGHT)
  for (let call = 0; call < OTHERS; call++) {
    const answer = await fetch(`${tested.url}/mcp`, { ...details, headers: { ...details.headers, 'x-api-key': other } })
    expect(answer.status).toBe(200)
  }
  await expect.poll(flood.refused, { timeout: 60_000 }).toBe(flood.willBeRefused)
  flood.release()
  const result = await flood.result
  expect(result['2xx'] + result['4xx']).toBe(STARTS)
  expect(result['4xx']).toBeGreaterThan(STARTS / 2)
  expect(result.errors).toBe(0)
}, 120_000)

it('100 requests in one packet: 8 run at a time, and all are answered in turn', async () => {
  const { text } = await addKey(tested.dir)
  const begun = tested.services.begun
  const release = tested.services.hold()
  const connection = connectRaw(tested.port)
  const details = `GET /get_product_details?offer_id=7000000001 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${text}\r\n`
  connection.send(`${`${details}\r\n`.repeat(99)}${details}Connection: close\r\n\r\n`)
  await expect.poll(() => tested.services.begun - begun).toBe(8)
  // Another request of the key runs at once: those that wait do not count.
  const later = fetch(`${tested.url}/get_product_details?offer_id=7000000001`, { headers: { 'x-api-key': text } })
  await expect.poll(() => tested.services.begun - begun).toBe(9)
  release()
  expect((await later).status).toBe(200)
  expect((await connection.closed).match(/HTTP\/1.1 200 OK/g)).toHaveLength(100)
  expect(tested.services.begun - begun).toBe(101)
})

it('calls whose answers wait behind others are cancelled when their connection closes', async () => {
  const { text } = await addKey(tested.dir)
  const { begun, abandoned } = tested.services
  const release = tested.services.hold()
  const connection = connectRaw(tested.port)
  const details = `GET /get_product_details?offer_id=7000000001 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${text}\r\n\r\n`
  connection.send(details.repeat(8))
  await expect.poll(() => tested.services.begun - begun).toBe(8)
  connection.destroy()
  await expect.poll(() => tested.services.abandoned - abandoned).toBe(8)
  release()
})

it.each([
  { answer: 'one answer', meta: {} },
  { answer: 'a stream', meta: { _meta: { progressToken: 1 } } },
])('32 requests cancelled before $answer arrives no longer count as in progress', async ({ meta }) => {
  const { text } = await addKey(tested.dir)
  const { abandoned } = tested.services
  const { body, ...rest } = toolCall('search_by_image', { image_url: 'https://example.com/a.jpg' })
  const message = JSON.parse(body)
  const search = {
    ...rest,
    headers: { ...rest.headers, 'x-api-key': text },
    body: JSON.stringify({ ...message, params: { ...message.params, ...meta } }),
  }
  const begun = tested.services.begun
  const release = tested.services.hold()
  const leaving = new AbortController()
  const calls = Array.from({ length: MAX_IN_FLIGHT }, () =>
    fetch(`${tested.url}/mcp`, { ...search, signal: leaving.signal }).then(answer => answer.text()),
  )
  const left = Promise.allSettled(calls)
  await expect.poll(() => tested.services.begun - begun).toBe(MAX_IN_FLIGHT)
  leaving.abort()
  await left
  await expect.poll(() => tested.services.abandoned - abandoned).toBe(MAX_IN_FLIGHT)
  release()
  expect((await fetch(`${tested.url}/mcp`, search)).status).toBe(200)
})
