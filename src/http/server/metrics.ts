/** Prometheus metrics. They never contain a key, an address or a picture. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { DecoderCounts } from '../../pictures/decoder/pool.ts'
import type { Reply } from '../../tools/reply.ts'

/** From a cached answer to the deadline of a call. */
const DURATION_BUCKETS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 45]

export interface Metrics {
  /** Runs and counts a call with its outcome: `ok` or an error code. */
  call(tool: string, tier: string, run: () => Promise<Reply>): Promise<Reply>
  /** @param route one of our paths, or `other`. */
  request(route: string, status: number): void
  inFlight(count: number): void
  /** The text format of Prometheus. */
  render(): Promise<{ type: string; text: string }>
}

export function createMetrics(decoderCounts: () => Promise<DecoderCounts>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'mcp1688_' })
  const calls = new Counter({
    name: 'mcp1688_calls_total',
    help: 'Tool calls over MCP and REST.',
    labelNames: ['tool', 'outcome', 'tier'],
    registers,
  })
  const seconds = new Histogram({
    name: 'mcp1688_call_seconds',
    help: 'Duration of tool calls in seconds.',
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
  const inFlight = new Gauge({ name: 'mcp1688_http_in_flight', help: 'HTTP requests in progress.', registers })
  const gaugeOf = (name: keyof DecoderCounts, help: string) =>
    new Gauge({
      ...{ name: `mcp1688_decoder_${name}`, help, registers },
      async collect() {
        this.set((await decoderCounts())[name])
      },
    })
  gaugeOf('restarts', 'Picture decoders that were killed or ended at a picture, since the start.')
  gaugeOf('quarantined', 'Pictures that are not decoded again, because they ended a decoder.')
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
