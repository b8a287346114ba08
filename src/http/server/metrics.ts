/** Prometheus metrics. They never contain a key, an ID, an address or a picture. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { DecoderCounts } from '../../pictures/decoder/pool.ts'
import type { Reply } from '../../tools/reply.ts'

/** From a cached answer to the deadline of a call. */
const DURATION_BUCKETS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 45]

export interface StoredBytes {
  /** In the data folder. */
  files: number
  /** `null` without a database. */
  database: number | null
}

/** What the program holds at the moment. Each rejects if that cannot be found out. */
export interface Gauges {
  decoder(): Promise<DecoderCounts>
  /** Pages that wait for a photo. */
  openUploads(): Promise<number>
  storedBytes(): Promise<StoredBytes>
}

export interface Metrics {
  /** Runs and counts a call with its outcome: `ok` or an error code. */
  call(tool: string, tier: string, run: () => Promise<Reply>): Promise<Reply>
  /** @param route one of our paths, or `other`. */
  request(route: string, status: number): void
  /** A request whose body was too large, too slow or unreadable. */
  bodyRefused(status: number): void
  inFlight(count: number): void
  /** The text format of Prometheus. */
  render(): Promise<{ type: string; text: string }>
}

export function createMetrics(gauges: Gauges): Metrics {
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
  const refusedBodies = new Counter({
    name: 'mcp1688_http_refused_bodies_total',
    help: 'Request bodies that were refused: too large, too slow, or not readable.',
    labelNames: ['status'],
    registers,
  })
  /** Read at each scrape; NaN, which means unknown, if that fails. */
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name: `mcp1688_${name}`,
      help,
      registers,
      async collect() {
        this.set(await read().catch(() => Number.NaN))
      },
    })
  const decoder = (name: keyof DecoderCounts, help: string) =>
    gauge(`decoder_${name}`, help, async () => (await gauges.decoder())[name])
  decoder('restarts', 'Picture decoders that were killed or ended at a picture, since the start.')
  decoder('quarantined', 'Pictures that are not decoded again, because they ended a decoder.')
  gauge('open_uploads', 'Pages that wait for a photo.', gauges.openUploads)
  new Gauge({
    name: 'mcp1688_stored_bytes',
    help: 'Bytes in the data folder and in the database.',
    labelNames: ['place'],
    registers,
    async collect() {
      const { files, database } = await gauges.storedBytes().catch(() => ({ files: Number.NaN, database: null }))
      this.set({ place: 'files' }, files)
      if (database === null) this.remove({ place: 'database' })
      else this.set({ place: 'database' }, database)
    },
  })
  return {
    call: async (tool, tier, run) => {
      const startedAt = performance.now()
      const reply = await run()
      calls.inc({ tool, tier, outcome: reply.error?.code ?? 'ok' })
      seconds.observe({ tool }, (performance.now() - startedAt) / 1000)
      return reply
    },
    request: (route, status) => requests.inc({ route, status }),
    bodyRefused: status => refusedBodies.inc({ status }),
    inFlight: count => inFlight.set(count),
    render: async () => ({ type: 'text/plain; version=0.0.4', text: await registry.metrics() }),
  }
}
