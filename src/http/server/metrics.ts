/** The metrics: what was called, how it went and how long it took; never a key, an address or a picture. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Reply } from '../../tools/reply.ts'

/** Upper ends of a call's duration, in seconds: from a cached answer to the deadline of a call. */
const DURATION_BUCKETS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 45]

export interface Metrics {
  /** Counts a tool's call and its outcome: `ok` or an error's code. */
  call(tool: string, tier: string, run: () => Promise<Reply>): Promise<Reply>
  /** Counts a request. @param route one of our own paths, or `other`. */
  request(route: string, status: number): void
  /** Requests that are being answered, now. */
  inFlight(count: number): void
  /** Everything in the text form of Prometheus. */
  render(): Promise<{ type: string; text: string }>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'mcp1688_' })
  const calls = new Counter({
    name: 'mcp1688_calls_total',
    help: 'Calls of tools, over MCP and REST.',
    labelNames: ['tool', 'outcome', 'tier'],
    registers,
  })
  const seconds = new Histogram({
    name: 'mcp1688_call_seconds',
    help: 'How long calls took.',
    labelNames: ['tool'],
    buckets: DURATION_BUCKETS_S,
    registers,
  })
  const requests = new Counter({
    name: 'mcp1688_http_requests_total',
    help: 'HTTP requests by route and status.',
    labelNames: ['route', 'status'],
    registers,
  })
  const inFlight = new Gauge({ name: 'mcp1688_http_in_flight', help: 'Requests that are being answered.', registers })
  return {
    call: async (tool, tier, run) => {
      const startedAt = performance.now()
      const reply = await run()
      calls.inc({ tool, tier, outcome: reply.error?.code ?? 'ok' })
      seconds.observe({ tool }, (performance.now() - startedAt) / 1000)
      return reply
    },
    request: (route, status) => requests.inc({ route, status }),
    inFlight: count => inFlight.set(count),
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  }
}
