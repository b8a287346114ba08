/**
 * Measures pictures embedded per second, one at a time through the worker: the stored pictures of the sample catalogue,
 * and a buyer's photo in all the views of a query. `npx tsx bench/embedding.ts` after `npm run build`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { EmbedPurpose } from '../src/vision/embedder.ts'
import { openEmbedder } from '../test/support/decoder.ts'
import { quantile } from './quantile.ts'

const QUERIES = 60

const root = path.resolve(import.meta.dirname, '..')
const assetsDir = path.join(root, 'assets')
const picturesDir = path.join(assetsDir, 'sample/pictures')
const pictures = readdirSync(picturesDir).map(name => readFileSync(path.join(picturesDir, name)))
const photo = readFileSync(path.join(assetsDir, 'sample/demo-photo.webp'))

const embedder = await openEmbedder()
// The first picture loads the model.
await embedder.embed(photo, 'query')
console.log(
  '| embedded one at a time | vectors each | pictures | per second | p50 ms | p95 ms |\n|---|---|---|---|---|---|',
)
await measure('product picture of the sample catalogue', 'index', pictures)
await measure('photo of a buyer, all views of a query', 'query', Array(QUERIES).fill(photo))
await embedder.close()

async function measure(name: string, purpose: EmbedPurpose, files: readonly Uint8Array[]): Promise<void> {
  const times: number[] = []
  let vectors = 0
  const start = performance.now()
  for (const file of files) {
    const asked = performance.now()
    vectors += (await embedder.embed(file, purpose)).length
    times.push(performance.now() - asked)
  }
  const aSecond = files.length / ((performance.now() - start) / 1000)
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)]
  const cells = [vectors / files.length, files.length, aSecond.toFixed(1), p50.toFixed(1), p95.toFixed(1)]
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}
