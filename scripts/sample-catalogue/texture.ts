/** Owns pictures used as paint: SVG text turned into linear colour grids that can be sampled anywhere. */
import sharp from 'sharp'
import { lerp, toLinear, type Vec } from './vector.ts'

// Typed to one array kind on purpose: a shared helper that sees many kinds runs several times slower.
const at = (list: Float32Array, index: number): number => list[index] ?? 0

export type Texture = { width: number; height: number; sharp: Float32Array; soft: Float32Array; mean: Vec }

const LINEAR = Float32Array.from({ length: 256 }, (_, value) => toLinear(value / 255))
const cache = new Map<string, Promise<Texture>>()

async function grid(svg: string, blur: number): Promise<{ data: Float32Array; width: number; height: number }> {
  const image = sharp(Buffer.from(svg)).flatten({ background: '#ffffff' })
  const { data, info } = await (blur > 0 ? image.blur(blur) : image)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const linear = new Float32Array(data.length)
  for (let i = 0; i < data.length; i += 1) linear[i] = at(LINEAR, data[i] ?? 0)
  return { data: linear, width: info.width, height: info.height }
}

async function build(svg: string, blur: number, softBlur: number): Promise<Texture> {
  const [clear, soft] = await Promise.all([grid(svg, blur), grid(svg, softBlur)])
  const sum: [number, number, number] = [0, 0, 0]
  const pixels = clear.width * clear.height
  for (let i = 0; i < pixels; i += 1) {
    sum[0] += at(clear.data, i * 3)
    sum[1] += at(clear.data, i * 3 + 1)
    sum[2] += at(clear.data, i * 3 + 2)
  }
  return {
    width: clear.width,
    height: clear.height,
    sharp: clear.data,
    soft: soft.data,
    mean: [sum[0] / pixels, sum[1] / pixels, sum[2] / pixels],
  }
}

export function loadTexture(svg: string, blur = 0, softBlur = 6): Promise<Texture> {
  const key = `${blur}|${softBlur}|${svg}`
  const known = cache.get(key)
  if (known) return known
  const made = build(svg, blur, softBlur)
  cache.set(key, made)
  return made
}

function tap(texture: Texture, data: Float32Array, u: number, v: number): Vec {
  const { width, height } = texture
  const x = (u - Math.floor(u)) * width - 0.5
  const y = (v - Math.floor(v)) * height - 0.5
  const [ix, iy] = [Math.floor(x), Math.floor(y)]
  const [fx, fy] = [x - ix, y - iy]
  const x0 = (ix + width) % width
  const x1 = (ix + 1) % width
  const y0 = ((iy + height) % height) * width
  const y1 = ((iy + 1) % height) * width
  const [a, b, c, d] = [(y0 + x0) * 3, (y0 + x1) * 3, (y1 + x0) * 3, (y1 + x1) * 3]
  const [wa, wb, wc, wd] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy]
  return [
    at(data, a) * wa + at(data, b) * wb + at(data, c) * wc + at(data, d) * wd,
    at(data, a + 1) * wa + at(data, b + 1) * wb + at(data, c + 1) * wc + at(data, d + 1) * wd,
    at(data, a + 2) * wa + at(data, b + 2) * wb + at(data, c + 2) * wc + at(data, d + 2) * wd,
  ]
}

/** Repeats the picture in both directions; `blur` goes from the clear picture (0) to the soft one (1). */
export function sample(texture: Texture, u: number, v: number, blur = 0): Vec {
  if (blur <= 0.02) return tap(texture, texture.sharp, u, v)
  if (blur >= 0.98) return tap(texture, texture.soft, u, v)
  const clear = tap(texture, texture.sharp, u, v)
  const soft = tap(texture, texture.soft, u, v)
  return [lerp(clear[0], soft[0], blur), lerp(clear[1], soft[1], blur), lerp(clear[2], soft[2], blur)]
}
