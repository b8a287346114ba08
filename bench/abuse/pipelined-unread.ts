/** A hundred connections send 1,400 requests each without a key and read nothing: how much memory the server takes. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { makeTempDir } from '../../test/support/program.ts'
import { startServe } from '../../test/support/serve-process.ts'

const CONNECTIONS = 100
const REQUESTS = 1_400
/** One address has no more without a key. */
const HONEST_CONNECTIONS = 60
const SECONDS = 8
const MAX_MB = 50

const dir = makeTempDir()
const server = await startServe(dir.path)
const { port } = new URL(server.url)

/** In MB. On Linux only. */
function memory(): number {
  const [, kib] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/smaps_rollup`, 'utf8')) ?? []
  return Number(kib) / 1024
}

// A server that has been in use: its heap has grown to what as many honest requests need.
await autocannon({ url: `${server.url}/healthz`, connections: HONEST_CONNECTIONS, amount: CONNECTIONS * REQUESTS })
await (await fetch(`${server.url}/openapi.json`)).text()
await sleep(1_000)
console.log('| requests for | MB before | peak MB during | more | a caller meanwhile |\n|---|---|---|---|---|')
for (const path of ['/openapi.json', '/docs', '/healthz', '/nothing', '/get_usage']) {
  const before = memory()
  const packet = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(REQUESTS)
  const sockets = Array.from({ length: CONNECTIONS }, (_, index) => {
    // Of two addresses, because one has fewer connections.
    const localAddress = `127.0.1.${1 + (index % 2)}`
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress }).pause()
    return socket.on('error', () => undefined).on('connect', () => socket.write(packet))
  })
  let peak = 0
  const end = performance.now() + SECONDS * 1_000
  const status = fetch(`${server.url}/healthz`).then(answer => answer.status)
  while (performance.now() < end) {
    peak = Math.max(peak, memory())
    await sleep(50)
  }
  for (const socket of sockets) socket.destroy()
  console.log(
    `| ${path} | ${before.toFixed(0)} | ${peak.toFixed(0)} | ${(peak - before).toFixed(0)} | ${await status} |`,
  )
  if (peak - before > MAX_MB || (await status) !== 200) process.exitCode = 1
  await sleep(1_500)
}
await server.close()
dir.remove()
