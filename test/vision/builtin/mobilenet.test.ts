import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as ort from 'onnxruntime-web'
import { expect, test } from 'vitest'
import { decodePicture, limitDecoders, squareOf } from '../../../src/pictures/decoder/decode.ts'
import { loadForeground } from '../../../src/vision/builtin/foreground.ts'
import { type Kernels, loadKernels } from '../../../src/vision/builtin/kernels.ts'
import { type FeatureMap, loadNetwork } from '../../../src/vision/builtin/mobilenet.ts'
import { readModel } from '../../../src/vision/builtin/model-file.ts'
import { foregroundOnnx, mobilenetOnnx } from '../../support/mobilenet-onnx.ts'
import { ASSETS_DIR, DIST_DIR } from '../../support/package-dirs.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const SIDE = 224
const PICTURES = path.join(ASSETS_DIR, 'sample', 'pictures')

limitDecoders()
const kernels = await loadKernels(await readFile(path.join(DIST_DIR, 'nn.wasm')))
const parts = await readModel(path.join(ASSETS_DIR, 'model'), ['backbone', 'top', 'foreground'])
const squares = [noise(1), gradient(), ...(await samples(60))]

test.each([
  ['present', { tensors: parts.top, folded: true }, parts.top],
  ['previous', { tensors: parts.backbone, folded: false }, null],
])('the network of the %s model agrees with onnxruntime to a thousandth', async (_model, top, tuned) => {
  const network = loadNetwork(kernels, parts.backbone, top)
  const session = await ort.InferenceSession.create(mobilenetOnnx(parts.backbone, tuned))
  for (const rgb of squares) {
    const input = new ort.Tensor('float32', normalised(rgb), [1, 3, SIDE, SIDE])
    const theirs = (await session.run({ input })).features?.data ?? []
    const map = network.top(network.trunk(rgb))
    expect([map.side, map.channels, theirs.length]).toEqual([7, 576, 7 * 7 * 576])
    const ours = channelsFirst(kernels, map)
    expect(Math.max(...ours)).toBeGreaterThan(1)
    expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(1e-3)
  }
})

test('the foreground agrees with onnxruntime to a thousandth', async () => {
  const network = loadNetwork(kernels, parts.backbone, { tensors: parts.top, folded: true })
  const findForeground = loadForeground(kernels, parts.foreground)
  const session = await ort.InferenceSession.create(foregroundOnnx(parts.foreground))
  for (const rgb of squares) {
    const trunk = network.trunk(rgb)
    const map = new ort.Tensor('float32', channelsFirst(kernels, trunk), [1, 48, 14, 14])
    const theirs = (await session.run({ map })).foreground?.data ?? []
    expect(theirs).toHaveLength(14 * 14)
    expect(largestDifference(findForeground(trunk), theirs)).toBeLessThanOrEqual(1e-3)
  }
})

function channelsFirst({ view }: Kernels, { address, side, channels }: FeatureMap): Float32Array {
  const map = view(address, side * side * channels)
  return map.map((_, i) => map[(i % (side * side)) * channels + Math.floor(i / (side * side))] ?? Number.NaN)
}

function largestDifference(ours: Float32Array, theirs: ArrayLike<unknown>): number {
  return ours.reduce((largest, value, i) => Math.max(largest, Math.abs(value - Number(theirs[i]))), 0)
}

/** Every `step`-th sample picture as the product sees it. */
async function samples(step: number): Promise<Uint8Array[]> {
  const files = readdirSync(PICTURES).filter((_, index) => index % step === 0)
  return Promise.all(
    files.map(async file => squareOf(await decodePicture(readFileSync(path.join(PICTURES, file))), SIDE)),
  )
}

function noise(seed: number): Uint8Array {
  const random = seededRandom(seed)
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, () => random() * 256)
}

function gradient(): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i % 3 === 0 ? (i / 3) % SIDE : i / 3 / SIDE))
}

function normalised(rgb: Uint8Array): Float32Array {
  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ]
  const area = SIDE * SIDE
  return Float32Array.from({ length: area * 3 }, (_, i) => {
    const channel = Math.floor(i / area)
    return ((rgb[(i % area) * 3 + channel] ?? 0) / 255 - (mean?.[channel] ?? 0)) / (deviation?.[channel] ?? 1)
  })
}
