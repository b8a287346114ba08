import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { openEmbedder } from '../../support/decoder.ts'
import { drawnPicture } from '../../support/drawn-pictures.ts'
import { fuzzedPictures, pngHeader } from '../../support/hostile-pictures.ts'
import { withPeak } from '../../support/process-memory.ts'

const MEGABYTE = 1_000_000
const embedder = await openEmbedder()
afterAll(() => embedder.close())

/** Whether a picture was embedded; throws on anything but an AppError of the right code. */
async function isReadable(bytes: Uint8Array): Promise<boolean> {
  try {
    await embedder.embed(bytes, 'index')
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'picture_unreadable') return false
    throw error
  }
}

test('250 damaged files end in a vector or a clear error, within time and memory', async () => {
  const files = await fuzzedPictures(250, 1688)
  expect(await isReadable(await drawnPicture().png().toBuffer())).toBe(true)
  let slowest = 0
  const { result: readable, rise } = await withPeak(process.pid, async () => {
    let count = 0
    for (const file of files) {
      const start = performance.now()
      if (await isReadable(file)) count++
      slowest = Math.max(slowest, performance.now() - start)
    }
    return count
  })
  // If only one outcome occurred, the fuzzer would not test what it should.
  expect(readable).toBeGreaterThan(12)
  expect(readable).toBeLessThan(238)
  expect(slowest).toBeLessThan(10_000)
  expect(rise).toBeLessThan(200 * MEGABYTE)
}, 180_000)

test('bombs are refused or decoded within the 270 MB that a decoder may hold', async () => {
  const side = 6_300
  const plain = drawnPicture().resize(side, side, { fit: 'fill', kernel: 'nearest' })
  const interlaced = await plain.clone().png({ progressive: true, compressionLevel: 1 }).toBuffer()
  const progressive = await plain
    .clone()
    .jpeg({ progressive: true, chromaSubsampling: '4:4:4', quality: 20 })
    .toBuffer()
  expect(await isReadable(await drawnPicture().jpeg().toBuffer())).toBe(true)
  for (const bomb of [pngHeader(30_000, 30_000), pngHeader(6_000, 6_000), interlaced, progressive]) {
    const start = performance.now()
    const { rise } = await withPeak(process.pid, () => isReadable(bomb))
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(rise).toBeLessThan(270 * MEGABYTE)
  }
}, 180_000)
