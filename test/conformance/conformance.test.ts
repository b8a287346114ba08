import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from '../http/service.ts'
import { judge, type Revision } from './referee.ts'
import { startFixtureServer } from './server.ts'

const EXPECTED_FAILURES = path.join(import.meta.dirname, 'expected-failures.yaml')

/** What a server with our own tools can be asked; the rest of the scenarios look for fixtures by name. */
const OWN: Record<Revision, string[]> = {
  '2025-11-25': [
    ...['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'dns-rebinding-protection'],
  ],
  '2026-07-28': [
    ...['tools-list', 'resources-list', 'prompts-list', 'caching', 'sep-2164-resource-not-found'],
    ...['dns-rebinding-protection', 'server-sse-multiple-streams', 'http-header-validation'],
  ],
}

// Some 6 s a run: the referee plays each scenario from its handshake on.
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

  it('2026-07-28: every scenario passes behind our HTTP server, but those of the optional tasks', async () => {
    const { exitCode, failed, output } = await judge(`${fixtures.url}/mcp`, '2026-07-28')
    expect(exitCode, output).toBe(0)
    expect(failed.filter(name => !name.startsWith('tasks-'))).toEqual([])
  })

  it.each(['2025-11-25', '2026-07-28'] as const)('%s: the product passes what needs no fixture', async revision => {
    const { passed, output } = await judge(`${product.url}/mcp`, revision)
    expect(passed, output).toEqual(expect.arrayContaining(OWN[revision]))
  })
})
