/** notifications/cancelled of a client of 2025, which arrives in a request of its own. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startService, type TestService } from './service.ts'

let tested: TestService
beforeAll(async () => {
  tested = await startService()
})
beforeEach(() => {
  tested.services.begun = 0
  tested.services.abandoned = 0
})
afterAll(() => tested.close())

function post(message: object, agent: string, accept = 'application/json, text/event-stream') {
  const headers = { 'content-type': 'application/json', accept, 'user-agent': agent }
  return fetch(`${tested.url}/mcp`, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) })
}

const call = (id: number | string, meta?: object) => ({
  id,
  method: 'tools/call',
  params: { name: 'get_product_details', arguments: { offer_id: '7000000001' }, ...(meta && { _meta: meta }) },
})
const cancel = (requestId: unknown) => ({ method: 'notifications/cancelled', params: { requestId } })

const begun = (count: number) => vi.waitFor(() => expect(tested.services.begun).toBe(count))

describe('a cancellation', () => {
  it.each([
    ['an answer in JSON', undefined],
    ['an answer as a stream', { progressToken: 1 }],
  ])('ends the call with that ID, which waits for %s', async (_name, meta) => {
    const release = tested.services.hold()
    const answer = post(call('a', meta), 'one')
    await begun(1)
    expect((await post(cancel('a'), 'one')).status).toBe(202)
    const text = await (await answer).text()
    expect(text).not.toContain('7000000001')
    expect(tested.services.abandoned).toBe(1)
    release()
  })

  it.each([
    ['another program', cancel(1), 'two'],
    ['another ID', cancel(2), 'one'],
    ['an ID that is a text', cancel('1'), 'one'],
    ['no ID', cancel(undefined), 'one'],
  ])('of %s leaves the call alone', async (_name, notification, agent) => {
    const release = tested.services.hold()
    const answer = post(call(1), 'one')
    await begun(1)
    await (await post(notification, agent)).text()
    release()
    expect(await (await answer).text()).toContain('7000000001')
    expect(tested.services.abandoned).toBe(0)
  })

  it('of a call that cannot be told from another ends neither', async () => {
    const release = tested.services.hold()
    const answers = [post(call(1), 'one'), post(call(1), 'one')]
    await begun(2)
    await (await post(cancel(1), 'one')).text()
    release()
    for (const answer of answers) expect(await (await answer).text()).toContain('7000000001')
  })

  it('of a call that has ended does not touch the next one with its ID', async () => {
    await (await post(call(1), 'one')).text()
    await (await post(cancel(1), 'one')).text()
    expect(await (await post(call(1), 'one')).text()).toContain('7000000001')
  })
})
