/**
 * Owns measuring what one greedy key does to the others: 10,000 searches that it starts at once and that never end, and the time of another key's calls
 * before and meanwhile, beside a server of ours that nobody floods. `npx tsx bench/flood.ts` after `npm run build`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { addKey, startService, toolCall } from '../test/http/service.ts'
import { makeTempDir } from '../test/support/program.ts'
import { startServe } from '../test/support/serve-process.ts'
import { startStopwatch } from './stopwatch/stopwatch.ts'

const STARTS = 10_000
const CONNECTIONS = 400
const ROUNDS = 101

const flooded = await startService()
const neighbourDir = makeTempDir()
const neighbour = await startServe(neighbourDir.path)
const [greedy, other] = [(await addKey(flooded.dir)).text, (await addKey(flooded.dir)).text]
const search = toolCall('search_by_image', { image_url: 'https://example.com/a.jpg' })
const details = toolCall('get_product_details', { offer_id: '7000000001' })
const stopwatch = startStopwatch([
  { url: `${flooded.url}/mcp`, init: { ...details, headers: { ...details.headers, 'x-api-key': other } } },
  { url: `${neighbour.url}/mcp`, init: toolCall('get_product_details', { offer_id: '10001' }) },
])
await stopwatch.medians(20)
const before = await stopwatch.medians(ROUNDS)

const release = flooded.services.hold('search')
const flood = autocannon({
  url: `${flooded.url}/mcp`,
  method: 'POST',
  headers: { ...search.headers, 'x-api-key': greedy },
  body: search.body,
  connections: CONNECTIONS,
  amount: STARTS,
  timeout: 90,
  workers: 1,
})
const meanwhile = await stopwatch.medians(ROUNDS)
// Each connection has an equal share of the starts; those of the 32 that run go on when they are let go.
const refusals = () => flooded.log.filter(line => line.includes('"status":429')).length
while (refusals() < ((CONNECTIONS - 32) * STARTS) / CONNECTIONS) await sleep(50)
release()
const result = await flood
await Promise.all([stopwatch.close(), flooded.close(), neighbour.close()])
neighbourDir.remove()

const row = (name: string, index: number) => {
  const [quiet = Number.NaN, busy = Number.NaN] = [before[index], meanwhile[index]]
  return `| ${name} | ${quiet.toFixed(2)} | ${busy.toFixed(2)} | ${(busy / quiet).toFixed(2)} |`
}
console.log('| a call of another key | p50 ms before | p50 ms meanwhile | ratio |\n|---|---|---|---|')
console.log(`${row('at the flooded server', 0)}\n${row('at a server that nobody floods', 1)}`)
console.log(
  `\nOne key started ${STARTS} searches over ${CONNECTIONS} connections: ${result['4xx']} were refused, ${result['2xx']} ran, ${result.errors} connections failed.`,
)
