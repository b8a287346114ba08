/**
 * 200 deadly pictures of twelve kinds, as listings and as queries of a real server: its memory with that of its decoders
 * (PSS, each page counted once), and how long good pictures wait. Linux only.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectOverStdio } from '../../test/support/clients.ts'
import { DEADLY_KINDS } from '../../test/support/deadly-pictures.ts'
import { DEMO_PHOTO } from '../../test/support/pictures.ts'
import { childrenOf, familyMemory, withPeak } from '../../test/support/process-memory.ts'
import { makeTempDir, serverCommand } from '../../test/support/program.ts'

const FILES = 200
/** With HEIC, whose decoder needs 300 MB for the largest picture that is accepted. */
const MOST_RISE_MB = 400
const LONGEST_WAIT_MS = 2_000
const MEGABYTE = 1_000_000

const dir = makeTempDir()
const before = new Set(childrenOf(process.pid))
const client = await connectOverStdio('v2 client, 2026 wire', serverCommand(dir.path))
const server = childrenOf(process.pid).find(pid => !before.has(pid)) ?? 0
const search = (image: string) => client.call('search_by_image', { image_url: image, page_size: 1 })
const timed = async (image: string) => {
  const start = performance.now()
  const reply = await search(image)
  if (reply.isError) throw new Error(reply.text)
  return performance.now() - start
}

/** In the order of the kinds, from a half to the full size. */
async function makeFiles(): Promise<string[]> {
  const files: string[] = []
  for (let at = 0; at < FILES; at++) {
    const kind = DEADLY_KINDS[at % DEADLY_KINDS.length]
    const file = path.join(dir.path, `${at}`)
    writeFileSync(file, (await kind?.make(0.5 + (0.5 * at) / FILES)) ?? '')
    files.push(file)
  }
  return files
}

const files = await makeFiles()
// As many calls as there are files: any calls warm up the server's heap and its compiler.
const good: number[] = []
for (let at = 0; at < FILES; at++) good.push(await timed(DEMO_PHOTO))
const quiet = Math.min(...good)
const idle = familyMemory(server)

const { rise } = await withPeak(server, async () => {
  for (const file of files) await search(file)
})

// The hardest that the checks of bytes let through, three at once.
const hard = DEADLY_KINDS.flatMap(({ name }, at) => (/interlaced|lossless/.test(name) ? [files[at + 180] ?? ''] : []))
const waits: number[] = []
const { rise: riseOfThree } = await withPeak(server, async () => {
  for (let round = 0; round < 3; round++) {
    const bad = [...hard, ...hard].slice(0, 3).map(search)
    await sleep(50)
    waits.push(await timed(DEMO_PHOTO))
    await Promise.all(bad)
  }
})
// The second decoder ends after 5 s without work.
while (childrenOf(server).length > 1) await sleep(500)
const kept = familyMemory(server) - idle
const wait = Math.max(...waits) - quiet

console.log('| deadly pictures | files | peak | peak, three at once | kept after | longest wait of a good one |')
console.log('|---|---|---|---|---|---|')
const inMb = (bytes: number) => `${Math.round(bytes / MEGABYTE)} MB`
console.log(
  `| ${DEADLY_KINDS.length} kinds | ${FILES} | +${inMb(rise)} | +${inMb(riseOfThree)} | ${inMb(kept)} | ${Math.round(wait)} ms |`,
)
await client.close()
dir.remove()
if (Math.max(rise, riseOfThree) > MOST_RISE_MB * MEGABYTE || wait > LONGEST_WAIT_MS) process.exitCode = 1
