import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { makeThumbnail } from '../../src/pictures/thumbnail.ts'
import { drawnPicture } from '../support/drawn-pictures.ts'

describe('thumbnails', () => {
  it('can be drawn concurrently', async () => {
    const picture = await drawnPicture().png().toBuffer()
    const thumbnails = await Promise.all(Array.from({ length: 60 }, () => makeThumbnail(picture, 80)))
    const { format, width, height } = await sharp(thumbnails.at(-1)).metadata()
    expect([format, width, height]).toEqual(['webp', 80, 60])
  })

  it('are only drawn from pictures', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    await expect(makeThumbnail(svg, 80)).rejects.toMatchObject({ code: 'picture_unreadable' })
  })
})
