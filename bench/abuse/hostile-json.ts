/** Eight connections of a free key send JSON that takes long to parse: what becomes of another key's calls. */
import autocannon from 'autocannon'
import { addKey, toolCall } from '../../test/http/service.ts'
import { makeTempDir } from '../../test/support/program.ts'
import { startServe } from '../../test/support/serve-process.ts'
import { quantile } from '../quantile.ts'

const CONNECTIONS = 8
const SECONDS = 10
const MAX_RATIO = 3

const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`)}}`
const around = (value: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_by_image","arguments":${value}}}`
/** What the free key sends: as large as allowed, and as large as a picture. */
const BODIES = {
  '4 MB, 450,000 keys': around(keys(450_000)),
  '250 KiB, 20,000 keys': around(keys(20_000)),
  '250 KiB, 250 keys and white space': around(`${keys(240)}${' '.repeat(220_000)}`),
  '250 KiB, 125,000 levels': around('['.repeat(125_000) + ']'.repeat(125_000)),
}

const dir = makeTempDir()
const [free, other] = [await addKey(dir, { tier: 'free' }), await addKey(dir)]
const server = await startServe(dir.path)

async function ownCalls(until: Promise<unknown>): Promise<number> {
  const { body, method, headers } = toolCall('get_usage', {})
  const times: number[] = []
  const state = { isOver: false }
  void until.then(() => {
    state.isOver = true
  })
  while (!state.isOver) {
    const startedAt = performance.now()
    const answer = await fetch(`${server.url}/mcp`, { method, body, headers: { ...headers, 'x-api-key': other.text } })
    await answer.text()
    if (answer.status !== 200) throw new Error(`the other key got ${answer.status}`)
    times.push(performance.now() - startedAt)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return quantile(times, 0.5)
}

const seconds = (count: number) => new Promise(resolve => setTimeout(resolve, count * 1_000))
await ownCalls(seconds(2))
console.log(
  '| sent by the free key | p50 ms quiet | p50 ms during | ratio | requests of the free key |\n|---|---|---|---|---|',
)
for (const [name, body] of Object.entries(BODIES)) {
  const quiet = await ownCalls(seconds(3))
  const attack = autocannon({
    url: `${server.url}/mcp`,
    method: 'POST',
    headers: { ...toolCall('', {}).headers, 'x-api-key': free.text },
    body,
    connections: CONNECTIONS,
    duration: SECONDS,
    // In another thread, so that the load does not slow down the caller that is measured.
    workers: 1,
  })
  const during = await ownCalls(attack)
  const { requests } = await attack
  const ratio = during / quiet
  console.log(`| ${name} | ${quiet.toFixed(1)} | ${during.toFixed(1)} | ${ratio.toFixed(2)} | ${requests.total} |`)
  if (ratio > MAX_RATIO) process.exitCode = 1
}
await server.close()
dir.remove()
