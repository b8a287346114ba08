import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { decodePicture, limitDecoders } from '../../../src/pictures/decoder/decode.ts'
import { loadKernels, readKernels } from '../../../src/vision/builtin/kernels.ts'
import { describeWith } from '../../../src/vision/builtin/model.ts'
import { readModel } from '../../../src/vision/builtin/model-file.ts'
import { cosineOf } from '../../support/cosine.ts'
import { openEmbedder } from '../../support/decoder.ts'
import { ASSETS_DIR, DIST_DIR } from '../../support/package-dirs.ts'
import { DEMO_PHOTO } from '../../support/pictures.ts'

// Its process has the fused kernels on every version of Node.
const embedder = await openEmbedder()
afterAll(() => embedder.close())

test('the plain kernels and the fused ones give the same vectors to a thousandth', async () => {
  limitDecoders()
  const kernels = await loadKernels(readFileSync(path.join(DIST_DIR, 'nn.wasm')))
  const describe = describeWith(
    kernels,
    await readModel(path.join(ASSETS_DIR, 'model'), ['backbone', 'top', 'foreground', 'heads']),
  )
  const bytes = readFileSync(DEMO_PHOTO)
  const { vectors: plain } = await describe(await decodePicture(bytes), 'query')
  const { vectors: fused } = await embedder.embed(bytes, 'query')
  expect(fused).toHaveLength(plain.length)
  for (const [index, vector] of plain.entries()) {
    // Vectors are rounded to 127 steps of their largest component, so one component in hundreds may differ by a step.
    expect(cosineOf(vector, fused[index] ?? [])).toBeGreaterThan(0.9999)
  }
})

test('the kernels that are chosen are ones that this engine knows', async () => {
  expect(WebAssembly.validate(await readKernels(DIST_DIR))).toBe(true)
})
