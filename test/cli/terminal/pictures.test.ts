import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawPictures, picturesThatFit } from '../../../src/cli/terminal/pictures.ts'

const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
const png = await sharp({ create: { width: 160, height: 120, channels: 3, background: '#000', noise } })
  .png()
  .toBuffer()
const pictures = ['10001', '791912182230'].map(offerId => ({
  offerId,
  mediaType: 'image/png',
  bytes: png,
  width: 160,
  height: 120,
}))

describe('pictures in the terminal', () => {
  it('are as many as stand side by side', () => {
    expect([20, 34, 80].map(picturesThatFit)).toEqual([1, 2, 4])
  })

  it('of iTerm2 carry the file, and names below', () => {
    const drawn = drawPictures(pictures, 'iterm2')
    const files = [...drawn.matchAll(/\u001B\]1337;File=[^:]*size=(\d+)[^:]*:([^\u0007]+)\u0007/g)]
    expect(files.map(([, size]) => Number(size))).toEqual([png.length, png.length])
    expect(Buffer.from(files[1]?.[2] ?? '', 'base64').equals(png)).toBe(true)
    expect(drawn).toMatch(/10001 {13}791912182230$/)
  })

  it('of kitty come in pieces that it takes, and ask for no answer', () => {
    const drawn = drawPictures(pictures.slice(0, 1), 'kitty')
    const pieces = [...drawn.matchAll(/\u001B_G([^;]*);([^\u001B]*)\u001B\\/g)]
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.every(([, , data = '']) => data.length <= 4_096)).toBe(true)
    expect(pieces[0]?.[1]).toBe('a=T,f=100,C=1,q=2,c=16,m=1')
    expect(pieces.at(-1)?.[1]).toBe('m=0')
    expect(Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64').equals(png)).toBe(true)
  })
})
