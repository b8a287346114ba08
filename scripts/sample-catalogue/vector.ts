/** Owns the small vector and colour arithmetic that the drawing code shares. */
export type Vec = readonly [number, number, number]
export type Point = readonly [number, number]

export const at = (list: ArrayLike<number>, index: number): number => list[index] ?? 0
export const add = (a: Vec, b: Vec): Vec => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const sub = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scale = (a: Vec, s: number): Vec => [a[0] * s, a[1] * s, a[2] * s]
export const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const cross = (a: Vec, b: Vec): Vec => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
export const length = (a: Vec): number => Math.hypot(a[0], a[1], a[2])
export const unit = (a: Vec): Vec => scale(a, 1 / (length(a) || 1))
export const clamp = (x: number, low: number, high: number): number => (x < low ? low : Math.min(x, high))
export const lerp = (a: number, b: number, t: number): number => a + (b - a) * t
export const mixVec = (a: Vec, b: Vec, t: number): Vec => [
  lerp(a[0], b[0], t),
  lerp(a[1], b[1], t),
  lerp(a[2], b[2], t),
]
export const smooth = (low: number, high: number, x: number): number => {
  const t = clamp((x - low) / (high - low), 0, 1)
  return t * t * (3 - 2 * t)
}
export const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Turns a point by degrees about x, then y, then z. */
export function turn(p: Vec, degrees: Vec): Vec {
  const [ax, ay, az] = [radians(degrees[0]), radians(degrees[1]), radians(degrees[2])]
  const y1 = p[1] * Math.cos(ax) - p[2] * Math.sin(ax)
  const z1 = p[1] * Math.sin(ax) + p[2] * Math.cos(ax)
  const x2 = p[0] * Math.cos(ay) + z1 * Math.sin(ay)
  const z2 = -p[0] * Math.sin(ay) + z1 * Math.cos(ay)
  return [x2 * Math.cos(az) - y1 * Math.sin(az), x2 * Math.sin(az) + y1 * Math.cos(az), z2]
}

export const toLinear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
export const toSrgb = (channel: number): number =>
  channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055

export function hexToLinear(hex: string): Vec {
  const value = Number.parseInt(hex.slice(1), 16)
  return [toLinear(((value >> 16) & 255) / 255), toLinear(((value >> 8) & 255) / 255), toLinear((value & 255) / 255)]
}

export const brightness = (hex: string): number => dot(hexToLinear(hex), [0.2126, 0.7152, 0.0722])

export function shadeHex(hex: string, factor: number): string {
  const value = Number.parseInt(hex.slice(1), 16)
  const channel = (shift: number): string => {
    const from = (value >> shift) & 255
    const to = factor < 1 ? from * factor : from + (255 - from) * (factor - 1)
    return Math.round(clamp(to, 0, 255))
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(16)}${channel(8)}${channel(0)}`
}

/** A smooth curve through the given points, sampled evenly. */
export function curve(points: readonly Vec[], steps: number, closed = false): Vec[] {
  const count = points.length
  const get = (index: number): Vec => {
    const wrapped = closed ? ((index % count) + count) % count : clamp(index, 0, count - 1)
    return points[wrapped] ?? [0, 0, 0]
  }
  const spans = closed ? count : count - 1
  const out: Vec[] = []
  for (let step = 0; step <= steps; step += 1) {
    const place = (step / steps) * spans
    const index = Math.min(Math.floor(place), spans - 1)
    const t = place - index
    const [a, b, c, d] = [get(index - 1), get(index), get(index + 1), get(index + 2)]
    const axis = (k: 0 | 1 | 2): number =>
      0.5 *
      (2 * b[k] +
        (c[k] - a[k]) * t +
        (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t +
        (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t * t * t)
    out.push([axis(0), axis(1), axis(2)])
  }
  return out
}
