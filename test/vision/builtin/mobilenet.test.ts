import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as ort from 'onnxruntime-web'
import { expect, test } from 'vitest'
import { loadKernels } from '../../../src/vision/builtin/kernels.ts'
import { loadBackbone } from '../../../src/vision/builtin/mobilenet.ts'
import { readModel } from '../../../src/vision/builtin/model-file.ts'
import { mobilenetOnnx } from '../../support/mobilenet-onnx.ts'
import { ASSETS_DIR, DIST_DIR } from '../../support/package-dirs.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const SIDE = 224

test('the network agrees with onnxruntime to a thousandth', async () => {
  const { backbone: tensors } = await readModel(path.join(ASSETS_DIR, 'model'))
  const kernels = await loadKernels(await readFile(path.join(DIST_DIR, 'nn.wasm')))
  const run = loadBackbone(kernels, tensors)
  const session = await ort.InferenceSession.create(mobilenetOnnx(tensors))
  let largest = 0
  let strongest = 0
  for (const rgb of [noise(1), noise(2), gradient()]) {
    const { address, side, channels } = run(rgb)
    const ours = kernels.view(address, side * side * channels)
    const input = new ort.Tensor('float32', normalised(rgb), [1, 3, SIDE, SIDE])
    const theirs = (await session.run({ input })).features?.data ?? []
    expect([side, channels, theirs.length]).toEqual([7, 576, ours.length])
    for (let pixel = 0; pixel < side * side; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const expected = Number(theirs[channel * side * side + pixel])
        strongest = Math.max(strongest, expected)
        largest = Math.max(largest, Math.abs((ours[pixel * channels + channel] ?? Number.NaN) - expected))
      }
    }
  }
  expect(strongest).toBeGreaterThan(1)
  expect(largest).toBeLessThanOrEqual(1e-3)
})

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
