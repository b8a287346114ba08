/**
 * Measures what one greedy key does to the others: it starts 10,000 searches that never end. Times another key's calls
 * before and during the flood, and on an idle server for comparison. `npx tsx bench/flood.ts` after `npm run build`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CONNECTIONS, startFlood } from '../test/http/flood.ts'
import { addKey, startService, toolCall } from '../test/http/service.ts'
import { makeTempDir } from '../test/support/program.ts'
import { startServe } from '../test/support/serve-process.ts'
import { startStopwatch } from './stopwatch/stopwatch.ts'

const STARTS = 10_000
const ROUNDS = 101

const flooded = await startService()
const neighbourDir = makeTempDir()
const neighbour = await startServe(neighbourDir.path)
const [greedy, other] = [(await addKey(flooded.dir)).text, (await addKey(flooded.dir)).text]
const details = toolCall('get_product_details', { offer_id: '7000000001' })
const stopwatch = startStopwatch([
  { url: `${flooded.url}/mcp`, init: { ...details, headers: { ...details.headers, 'x-api-key': other } } },
  { url: `${neighbour.url}/mcp`, init: toolCall('get_product_details', { offer_id: '10001' }) },
])
await stopwatch.medians(20)
const before = await stopwatch.medians(ROUNDS)

const flood = startFlood(flooded, greedy, STARTS)
const meanwhile = await stopwatch.medians(ROUNDS)
while (flood.refused() < flood.willBeRefused) await sleep(50)
flood.release()
const result = await flood.result
await Promise.all([stopwatch.close(), flooded.close(), neighbour.close()])
neighbourDir.remove()

const row = (name: string, index: number) => {
  const [quiet = Number.NaN, busy = Number.NaN] = [before[index], meanwhile[index]]
  return `| ${name} | ${quiet.toFixed(2)} | ${busy.toFixed(2)} | ${(busy / quiet).toFixed(2)} |`
}
console.log('| a call with another key | p50 ms before | p50 ms during | ratio |\n|---|---|---|---|')
console.log(`${row('on the flooded server', 0)}\n${row('on an idle server', 1)}`)
console.log(
  `\nOne key started ${STARTS} searches over ${CONNECTIONS} connections: ${result['4xx']} were refused, ${result['2xx']} ran, ${result.errors} connections failed.`,
)
