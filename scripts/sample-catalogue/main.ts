/** Owns drawing every picture and writing the sample catalogue, the query photos and the demo photo; `vectors` only embeds what is drawn. */
import { fork } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { drawDemo, drawKind } from './catalogue.ts'
import { GOODS } from './goods.ts'
import { drawUnknown } from './unknown.ts'
import { writeVectors } from './vectors.ts'

const PICTURES = 'assets/sample/pictures'
const QUERIES = 'test/fixtures/queries'
const UNKNOWN = 'test/fixtures/unknown'
const VECTORS = 'assets/sample/vectors.json'

async function drawShare(share: number, shares: number): Promise<void> {
  for (let kind = share; kind < GOODS.length; kind += shares) {
    const drawn = await drawKind(kind)
    for (const [name, file] of drawn.pictures) await writeFile(`${PICTURES}/${name}`, file)
    for (const [name, file] of drawn.queries) await writeFile(`${QUERIES}/${name}`, file)
    console.log(`${GOODS[kind]?.slug}: ${drawn.pictures.size} pictures, ${drawn.queries.size} queries`)
  }
}

const startShare = (share: number, shares: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [String(share), String(shares)])
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`share ${share} ended with code ${code}`))))
  })

async function empty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (name.endsWith('.webp')) await rm(`${folder}/${name}`)
}

async function build(): Promise<void> {
  for (const folder of [PICTURES, QUERIES, UNKNOWN]) await empty(folder)
  const shares = Math.max(1, Math.min(4, cpus().length))
  await Promise.all(Array.from({ length: shares }, (_, share) => startShare(share, shares)))
  for (const [name, file] of await drawUnknown()) await writeFile(`${UNKNOWN}/${name}`, file)
  await writeFile('assets/sample/demo-photo.webp', await drawDemo())
  const offers = await Promise.all(GOODS.map((_, kind) => drawKind(kind, false)))
  const lines = offers.flatMap(entry => entry.offers).map(offer => JSON.stringify(offer))
  await writeFile('assets/sample/offers.jsonl', `${lines.join('\n')}\n`)
  await writeVectors(PICTURES, VECTORS)
  console.log(`${lines.length} offers of ${GOODS.length} kinds`)
}

const [first, shares] = process.argv.slice(2)
if (first === undefined) await build()
else if (first === 'vectors') await writeVectors(PICTURES, VECTORS)
else await drawShare(Number(first), Number(shares))
