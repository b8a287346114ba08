/** Owns the last step of a picture: lens softness, grain, dark corners, seller marks and the WebP file. */
import sharp from 'sharp'
import type { Random } from './random.ts'
import { clamp } from './vector.ts'

export type Crop = { left: number; top: number; width: number; height: number }
export type Finishing = { overlay?: string; turn?: number; crop?: Crop; warmth: number; softness: number }

export const FRAME = 360

// A camera's file of a plain scene is never tiny; below this size the grain has been lost, so the quality goes up.
const SMALLEST = 4200
const LARGEST = 14_000
const USUAL_QUALITY = 70
const BETTER = [76, 82, 88] as const
const POORER = [60, 50, 40] as const

async function grained(rgb: Buffer, random: Random, warmth: number): Promise<Buffer> {
  const out = Buffer.alloc(rgb.length)
  let before = 0
  for (let i = 0; i < FRAME * FRAME; i += 1) {
    const [x, y] = [(i % FRAME) / FRAME - 0.5, Math.floor(i / FRAME) / FRAME - 0.5]
    const dark = 1 - 0.34 * (x * x + y * y)
    const speck = random.next() + random.next() - 1
    before = before * 0.2 + speck * 0.8
    for (const k of [0, 1, 2]) {
      const tint = k === 0 ? 1 + warmth : k === 2 ? 1 - warmth : 1
      out[i * 3 + k] = clamp(Math.round((rgb[i * 3 + k] ?? 0) * dark * tint + before * 7), 0, 255)
    }
  }
  return out
}

export async function finish(pixels: Uint8Array, size: number, to: Finishing, random: Random): Promise<Buffer> {
  let image = sharp(Buffer.from(pixels), { raw: { width: size, height: size, channels: 3 } })
  if (to.turn) {
    const turned = await image.rotate(to.turn, { background: '#808080' }).png().toBuffer({ resolveWithObject: true })
    // The largest upright square that the turned square still covers.
    const angle = Math.abs((to.turn * Math.PI) / 180)
    const side = Math.floor(size / (Math.cos(angle) + Math.sin(angle))) - 2
    const start = Math.round((turned.info.width - side) / 2)
    image = sharp(turned.data).extract({ left: start, top: start, width: side, height: side })
  } else if (to.crop) {
    const { left, top, width, height } = to.crop
    image = image.extract({
      left: Math.round(left * size),
      top: Math.round(top * size),
      width: Math.round(width * size),
      height: Math.round(height * size),
    })
  }
  const small = await image
    .resize(FRAME, FRAME, { fit: 'fill', kernel: 'cubic' })
    .blur(to.softness)
    .removeAlpha()
    .raw()
    .toBuffer()
  const raw = await grained(small, random, to.warmth)
  const photo = sharp(raw, { raw: { width: FRAME, height: FRAME, channels: 3 } })
  const marked = to.overlay ? photo.composite([{ input: Buffer.from(to.overlay) }]) : photo
  const developed = await marked.removeAlpha().raw().toBuffer()
  const encode = (quality: number): Promise<Buffer> =>
    sharp(developed, { raw: { width: FRAME, height: FRAME, channels: 3 } })
      .webp({ quality, effort: 5 })
      .toBuffer()
  let file = await encode(USUAL_QUALITY)
  for (const quality of BETTER) if (file.length < SMALLEST) file = await encode(quality)
  for (const quality of POORER) if (file.length > LARGEST) file = await encode(quality)
  return file
}
