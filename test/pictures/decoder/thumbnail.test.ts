import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { Work } from '../../../src/pictures/decoder/pool.ts'
import { createBuiltDecoder } from '../../support/decoder.ts'
import { drawnPicture } from '../../support/drawn-pictures.ts'

const WORK: Work = { owner: 'listing' }
const decoder = createBuiltDecoder()
afterAll(() => decoder.close())

describe('thumbnails', () => {
  it('can be drawn concurrently', async () => {
    const picture = await drawnPicture().png().toBuffer()
    const thumbnails = await Promise.all(Array.from({ length: 60 }, () => decoder.thumbnail(picture, 80, WORK)))
    const { format, width, height } = await sharp(thumbnails.at(-1)).metadata()
    expect([format, width, height]).toEqual(['webp', 80, 60])
  })

  it('are only drawn from pictures', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    await expect(decoder.thumbnail(svg, 80, WORK)).rejects.toMatchObject({ code: 'picture_unreadable' })
  })
})
