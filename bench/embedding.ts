/**
 * Measures pictures embedded per second, one at a time through the worker: the stored pictures of the sample catalogue
 * (WebP, and the same as JPEG, which 1688 serves and which decodes faster), and a buyer's photo in all the views of a query. Then the network alone beside onnxruntime-web, which runs the same
 * blocks in turn with it. `npx tsx bench/embedding.ts` after `npm run build`; on Node 20 with
 * `--experimental-wasm-relaxed-simd`, as the worker has it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as ort from 'onnxruntime-web'
import sharp from 'sharp'
import { loadKernels, readKernels } from '../src/vision/builtin/kernels.ts'
import { INPUT_SIDE, loadNetwork } from '../src/vision/builtin/mobilenet.ts'
import { readModel } from '../src/vision/builtin/model-file.ts'
import type { EmbedPurpose } from '../src/vision/embedder.ts'
import { openEmbedder } from '../test/support/decoder.ts'
import { mobilenetOnnx } from '../test/support/mobilenet-onnx.ts'
import { quantile } from './quantile.ts'

const QUERIES = 60
const NETWORK_RUNS = 200

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
await measure('the same as JPEG', 'index', await Promise.all(pictures.map(asJpeg)))
await measure('photo of a buyer, all views of a query', 'query', Array(QUERIES).fill(photo))
await embedder.close()
await compareNetworks()

function asJpeg(picture: Uint8Array): Promise<Uint8Array> {
  return sharp(picture).jpeg({ quality: 85 }).toBuffer()
}

async function measure(name: string, purpose: EmbedPurpose, files: readonly Uint8Array[]): Promise<void> {
  const times: number[] = []
  let vectors = 0
  const start = performance.now()
  for (const file of files) {
    const asked = performance.now()
    vectors += (await embedder.embed(file, purpose)).vectors.length
    times.push(performance.now() - asked)
  }
  const aSecond = files.length / ((performance.now() - start) / 1000)
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)]
  const cells = [vectors / files.length, files.length, aSecond.toFixed(1), p50.toFixed(1), p95.toFixed(1)]
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}

/** Processor time of each, in turns, so that both meet the same load. */
async function compareNetworks(): Promise<void> {
  const parts = await readModel(path.join(assetsDir, 'model'), ['backbone', 'top'])
  const kernels = await loadKernels(await readKernels(path.join(root, 'dist')))
  const network = loadNetwork(kernels, parts.backbone, { tensors: parts.top, folded: true })
  ort.env.wasm.numThreads = 1
  const session = await ort.InferenceSession.create(mobilenetOnnx(parts.backbone, parts.top))
  const rgb = Uint8Array.from({ length: INPUT_SIDE ** 2 * 3 }, (_, i) => (i * 7919) % 251)
  const input = new ort.Tensor(
    'float32',
    Float32Array.from(rgb, value => value / 255),
    [1, 3, INPUT_SIDE, INPUT_SIDE],
  )
  const [ours, theirs]: number[][] = [[], []]
  for (let run = 0; run < NETWORK_RUNS; run++) {
    ours?.push(await processorMs(async () => network.top(network.trunk(rgb))))
    theirs?.push(await processorMs(() => session.run({ input })))
  }
  const [our, their] = [quantile(ours ?? [], 0.5), quantile(theirs ?? [], 0.5)]
  console.log(
    `\nThe network alone: ${our.toFixed(1)} ms of processor time; in onnxruntime-web ${their.toFixed(1)} ms; ratio ${(our / their).toFixed(2)}.`,
  )
}

async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
