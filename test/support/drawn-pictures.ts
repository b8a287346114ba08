/** Pictures drawn pixel by pixel: once the decoders are limited, sharp no longer draws SVG in the same process. */
import sharp, { type Sharp } from 'sharp'

export const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'avif'] as const

const WIDTH = 160
const HEIGHT = 120

type Colour = readonly [red: number, green: number, blue: number]

/** A bag on a plain background, 160 x 120 pixels, to be encoded by sharp. */
export function drawnPicture(bag: Colour = [122, 31, 43], ground: Colour = [244, 239, 230]): Sharp {
  const rgb = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) rgb.set(isBag(x, y) ? bag : ground, at)
  }
  return sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
}

function isBag(x: number, y: number): boolean {
  const isBody = x >= 35 && x < 125 && y >= 45 && y < 107
  const isClasp = Math.hypot(x - 80, y - 72) < 9
  const isHandle = y < 46 && Math.abs(Math.hypot(x - 80, y - 46) - 30) < 4
  return (isBody && !isClasp) || isHandle
}
