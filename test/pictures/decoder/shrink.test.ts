import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { Work } from '../../../src/pictures/decoder/pool.ts'
import { createBuiltDecoder } from '../../support/decoder.ts'

const WORK: Work = { owner: 'caller' }
const decoder = createBuiltDecoder()
afterAll(() => decoder.close())

const noise = Buffer.from(Array.from({ length: 1400 * 1000 * 3 }, (_, at) => (at * 2_654_435_761) >>> 24))
const photo = () => sharp(noise, { raw: { width: 1400, height: 1000, channels: 3 } })

describe('a picture made small enough to upload', () => {
  it('is the same file if it is a small JPEG', async () => {
    const small = await photo().resize(50).jpeg().toBuffer()
    expect(await decoder.small(small, WORK)).toBe(small)
  })

  it('is a smaller JPEG of a large one', async () => {
    const large = await photo().jpeg({ quality: 95 }).toBuffer()
    expect(large.length).toBeGreaterThan(300_000)
    const small = await decoder.small(large, WORK)
    expect(small.length).toBeLessThanOrEqual(300_000)
    const { format, width } = await sharp(small).metadata()
    expect(format).toBe('jpeg')
    expect(width).toBeLessThanOrEqual(1000)
  })

  it('is a JPEG of a WebP', async () => {
    const small = await decoder.small(await photo().resize(50).webp().toBuffer(), WORK)
    expect((await sharp(small).metadata()).format).toBe('jpeg')
  })
})
