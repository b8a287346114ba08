/**
 * Simple drawn pictures, different for each number. They are painted pixel by pixel, because sharp no longer draws SVG
 * in a process that has loaded our decoder.
 */
import sharp from 'sharp'

const SIZE = 320

type Rgb = readonly [number, number, number]

/** Whether a pixel belongs to the product. */
const SHAPES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => Math.hypot(x - 160, y - 160) < 100,
  (x, y) => Math.abs(x - 160) < 100 && Math.abs(y - 160) < 70,
  (x, y) => y > 40 && y < 260 && Math.abs(x - 160) < (y - 40) * 0.55,
  (x, y) => y < 280 && ((x - 160) / 120) ** 2 + ((y - 280) / 200) ** 2 < 1,
  (x, y) => Math.abs(x - 160) < 40 && Math.abs(y - 160) < 130,
]
const COLOURS: readonly Rgb[] = [
  [192, 57, 43],
  [36, 113, 163],
  [30, 132, 73],
  [183, 149, 11],
  [108, 52, 131],
  [23, 32, 42],
]
const GROUNDS: readonly Rgb[] = [
  [244, 241, 234],
  [214, 234, 248],
  [250, 219, 216],
  [232, 248, 245],
]

const drawn = new Map<number, Promise<Buffer>>()

/** A 320 x 320 JPEG; numbers below 120 all look different. */
export function drawnGood(number: number): Promise<Buffer> {
  const picture = drawn.get(number) ?? draw(number)
  drawn.set(number, picture)
  return picture
}

function draw(number: number): Promise<Buffer> {
  const pick = <T>(list: readonly T[]): T | undefined => list[number % list.length]
  const [isGood, colour, ground] = [pick(SHAPES), pick(COLOURS), pick(GROUNDS)]
  const stripes = number % 7
  const dots = Buffer.alloc(SIZE * SIZE * 3)
  for (let dot = 0; dot < SIZE * SIZE; dot++) {
    const [x, y] = [dot % SIZE, Math.floor(dot / SIZE)]
    const paint = isGood?.(x, y) ? colour : ground
    const isStripe = y >= 70 && y < 70 + stripes * 30 && (y - 70) % 30 < 9
    for (let channel = 0; channel < 3; channel++) {
      const shade = paint?.[channel] ?? 0
      dots[dot * 3 + channel] = isStripe ? shade * 0.6 + 255 * 0.4 : shade
    }
  }
  return sharp(dots, { raw: { width: SIZE, height: SIZE, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** The same product as a buyer might send it: cropped, smaller and recompressed. */
export async function buyersPhoto(number: number): Promise<Buffer> {
  const good = await drawnGood(number)
  return sharp(good)
    .extract({ left: 20, top: 24, width: 280, height: 276 })
    .resize(240)
    .jpeg({ quality: 60 })
    .toBuffer()
}
