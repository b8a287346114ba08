import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../http/service.ts'
import { judge, type Revision } from './referee.ts'
import { startFixtureServer } from './server.ts'

const EXPECTED_FAILURES = path.join(import.meta.dirname, 'expected-failures.yaml')

/** The scenarios that need no fixtures. */
const WITHOUT_FIXTURES: Record<Revision, string[]> = {
  '2025-11-25': [
    ...['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'dns-rebinding-protection'],
  ],
  '2026-07-28': [
    ...['tools-list', 'resources-list', 'prompts-list', 'caching', 'sep-2164-resource-not-found'],
    ...['dns-rebinding-protection', 'server-sse-multiple-streams', 'http-header-validation'],
  ],
}

// Each run takes some 6 s, because the referee repeats the handshake for every scenario.
describe('conformance', () => {
  let fixtures: TestService
  let product: TestService
  beforeAll(async () => {
    fixtures = await startFixtureServer()
    product = await startService()
  })
  afterAll(async () => {
    await fixtures?.close()
    await product?.close()
  })

  it('2025-11-25: every scenario that needs no session passes behind our HTTP server', async () => {
    const { exitCode, output } = await judge(`${fixtures.url}/mcp`, '2025-11-25', EXPECTED_FAILURES)
    expect(exitCode, output).toBe(0)
  })

  it('2026-07-28: every scenario passes behind our HTTP server, except for the optional tasks', async () => {
    const { exitCode, failed, output } = await judge(`${fixtures.url}/mcp`, '2026-07-28')
    expect(exitCode, output).toBe(0)
    // Tasks are an extension, which this server does not declare; the referee runs their scenarios, but does not score them.
    expect(failed.filter(name => !name.startsWith('tasks-'))).toEqual([])
  })

  it.each(['2025-11-25', '2026-07-28'] as const)(
    '%s: the product passes the scenarios without fixtures',
    async revision => {
      const { passed, output } = await judge(`${product.url}/mcp`, revision)
      expect(passed, output).toEqual(expect.arrayContaining(WITHOUT_FIXTURES[revision]))
    },
  )
})
