import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawPictures, picturesThatFit } from '../../../src/cli/terminal/pictures.ts'
import { encodeSixel, sixelOf } from '../../../src/cli/terminal/sixel.ts'

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

/** The pixels of a sixel sequence as `red,green,blue` in percent, by row: written from the format's description, not from the encoder. */
function decodeSixel(sequence: string): string[][] {
  const [, width, height, body] = /^\u001BPq"1;1;(\d+);(\d+)(.*)\u001B\\$/s.exec(sequence) ?? []
  const rows = Array.from({ length: Number(height) }, () => Array.from({ length: Number(width) }, () => 'none'))
  const colours = new Map<string, string>()
  let [x, top, colour] = [0, 0, '']
  for (const [token] of (body ?? '').matchAll(/#\d+;2;\d+;\d+;\d+|#\d+|!\d+[?-~]|[?-~]|[$-]/g)) {
    if (token.startsWith('#')) {
      const [name = '', , ...rgb] = token.slice(1).split(';')
      if (rgb.length > 0) colours.set(name, rgb.join())
      else colour = colours.get(name) ?? 'unknown'
    } else if (token === '$') x = 0
    else if (token === '-') [x, top] = [0, top + 6]
    else {
      const mask = token.charCodeAt(token.length - 1) - 63
      const times = token.startsWith('!') ? Number(token.slice(1, -1)) : 1
      for (let n = 0; n < times; n++, x++) {
        for (let bit = 0; bit < 6; bit++) {
          const row = rows[top + bit]
          if (mask & (1 << bit) && row) row[x] = colour
        }
      }
    }
  }
  return rows
}

describe('pictures in the terminal', () => {
  it('are as many as stand side by side', () => {
    expect([20, 34, 80].map(picturesThatFit)).toEqual([1, 2, 4])
  })

  it('of iTerm2 carry the file, and names below', async () => {
    const drawn = await drawPictures(pictures, 'iterm2')
    const files = [...drawn.matchAll(/\u001B\]1337;File=[^:]*size=(\d+)[^:]*:([^\u0007]+)\u0007/g)]
    expect(files.map(([, size]) => Number(size))).toEqual([png.length, png.length])
    expect(Buffer.from(files[1]?.[2] ?? '', 'base64').equals(png)).toBe(true)
    expect(drawn).toMatch(/10001 {13}791912182230$/)
  })

  it('of kitty come in pieces that it takes, and ask for no answer', async () => {
    const drawn = await drawPictures(pictures.slice(0, 1), 'kitty')
    const pieces = [...drawn.matchAll(/\u001B_G([^;]*);([^\u001B]*)\u001B\\/g)]
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.every(([, , data = '']) => data.length <= 4_096)).toBe(true)
    expect(pieces[0]?.[1]).toBe('a=T,f=100,C=1,q=2,c=16,m=1')
    expect(pieces.at(-1)?.[1]).toBe('m=0')
    expect(Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64').equals(png)).toBe(true)
  })

  it('of sixel show the pixels, cut bands included', () => {
    const colours = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ]
    const [width, height] = [11, 14]
    const indices = Array.from({ length: width * height }, (_, index) => ((index * index) % 7) % 3)
    const rows = decodeSixel(sixelOf(Uint8Array.from(indices.flatMap(index => colours[index] ?? [])), width, height))
    const percents = ['100,0,0', '0,100,0', '0,0,100']
    expect(rows.flat()).toEqual(indices.map(index => percents[index]))
  })

  it('of sixel are scaled and reduced in colours, every pixel drawn', async () => {
    const transparent = await sharp({ create: { width: 300, height: 150, channels: 4, background: '#f000' } })
      .png()
      .toBuffer()
    expect(new Set(decodeSixel(await encodeSixel(transparent)).flat())).toEqual(new Set(['100,100,100']))
    const rows = decodeSixel(await encodeSixel(png))
    expect(Math.max(rows.length, rows[0]?.length ?? 0)).toBeLessThanOrEqual(128)
    expect(rows.flat()).not.toContain('none')
  })
})
