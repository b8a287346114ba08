/** Owns the basic solids the goods are built from: turned, boxed, tubed and puffed shapes. */
import { type Mesh, surface } from './mesh.ts'
import { noise } from './random.ts'
import { add, at, clamp, cross, curve, dot, length, type Point, scale, sub, unit, type Vec } from './vector.ts'

/** Turns a profile of (radius, height) points about the y axis; `u` runs once around, `v` keeps the pattern square. */
export function lathe(profile: readonly Point[], smoothSteps = 0, around = 56): Mesh {
  const flat: Vec[] = profile.map(([r, y]) => [r, y, 0])
  const line = smoothSteps > 0 ? curve(flat, smoothSteps) : flat
  const widest = Math.max(...line.map(p => p[0]), 0.01)
  const lengths: number[] = [0]
  line.forEach((p, index) => {
    const before = line[index - 1]
    if (before) lengths.push(at(lengths, index - 1) + length(sub(p, before)))
  })
  return surface(
    around,
    line.length - 1,
    (u, v) => {
      const p = line[Math.round(v * (line.length - 1))] ?? [0, 0, 0]
      const angle = u * Math.PI * 2
      return [Math.max(0, p[0]) * Math.sin(angle), p[1], Math.max(0, p[0]) * Math.cos(angle)]
    },
    (u, v) => [u, at(lengths, Math.round(v * (line.length - 1))) / (2 * Math.PI * widest)],
  )
}

export function ellipsoid(rx: number, ry: number, rz: number, around = 32, along = 20): Mesh {
  return surface(
    around,
    along,
    (u, v) => {
      const ring = Math.sin(v * Math.PI)
      const angle = u * Math.PI * 2
      return [rx * ring * Math.sin(angle), -ry * Math.cos(v * Math.PI), rz * ring * Math.cos(angle)]
    },
    (u, v) => [u * 2, v],
  )
}

export function roundBox(width: number, height: number, depth: number, radius: number): Mesh {
  const half: Vec = [width / 2, height / 2, depth / 2]
  const r = Math.min(radius, half[0], half[1], half[2])
  const steps = (size: number): number[] => {
    const edge = r / size
    const bend = [0, 0.12, 0.3, 0.6, 1].map(k => k * edge)
    const inner = [0.2, 0.4, 0.6, 0.8].map(k => -1 + edge + k * (2 - 2 * edge))
    return [...bend.map(k => -1 + k), ...inner, ...bend.map(k => 1 - k).reverse()]
  }
  const out: Mesh = { points: [], uvs: [], clip: [], faces: [] }
  const axes = [0, 1, 2] as const
  for (const axis of axes) {
    const a = axes[(axis + 1) % 3] ?? 0
    const b = axes[(axis + 2) % 3] ?? 0
    const [sa, sb] = [steps(half[a]), steps(half[b])]
    for (const side of [-1, 1]) {
      const from = out.points.length
      const face = surface(sa.length - 1, sb.length - 1, (u, v) => {
        const q: [number, number, number] = [0, 0, 0]
        q[axis] = side * half[axis]
        q[a] = at(sa, Math.round(u * (sa.length - 1))) * half[a]
        q[b] = at(sb, Math.round(v * (sb.length - 1))) * half[b]
        const inner: Vec = [
          clamp(q[0], r - half[0], half[0] - r),
          clamp(q[1], r - half[1], half[1] - r),
          clamp(q[2], r - half[2], half[2] - r),
        ]
        return add(inner, scale(unit(sub(q, inner)), r))
      })
      for (const p of face.points) out.uvs.push(axis === 0 ? [p[2], p[1]] : axis === 1 ? [p[0], p[2]] : [p[0], p[1]])
      out.points.push(...face.points)
      out.clip.push(...face.clip)
      for (const f of face.faces) out.faces.push([f[0] + from, f[1] + from, f[2] + from])
    }
  }
  return out
}

export type TubeOptions = { closed?: boolean; steps?: number; around?: number; flat?: number; sharp?: boolean }

/** Sweeps a round (or, with `flat`, a strap-like) section along a path. */
export function tube(path: readonly Vec[], radius: number | ((t: number) => number), options: TubeOptions = {}): Mesh {
  const steps = options.steps ?? Math.max(12, path.length * 8)
  const line = options.sharp ? [...path] : curve(path, steps, options.closed)
  const last = line.length - 1
  const size = typeof radius === 'number' ? () => radius : radius
  let side: Vec = [0, 0, 0]
  const frames = line.map((p, index) => {
    const ahead = line[Math.min(index + 1, last)] ?? p
    const behind = line[Math.max(index - 1, 0)] ?? p
    const tangent = unit(sub(ahead, behind))
    if (length(side) < 0.01) side = Math.abs(tangent[1]) < 0.9 ? cross(tangent, [0, 1, 0]) : cross(tangent, [1, 0, 0])
    side = unit(sub(side, scale(tangent, dot(side, tangent))))
    return { p, side, up: cross(side, tangent), r: size(index / last) }
  })
  const first = frames[0]
  const end = frames[last]
  const rings = options.closed || !first || !end ? frames : [{ ...first, r: 0 }, ...frames, { ...end, r: 0 }]
  return surface(
    options.around ?? 14,
    rings.length - 1,
    (u, v) => {
      const frame = rings[Math.round(v * (rings.length - 1))]
      if (!frame) return [0, 0, 0]
      const angle = u * Math.PI * 2
      const spread = add(
        scale(frame.side, Math.cos(angle) * frame.r),
        scale(frame.up, Math.sin(angle) * frame.r * (options.flat ?? 1)),
      )
      return add(frame.p, spread)
    },
    (u, v) => [u, v * 6],
  )
}

export const ring = (radius: number, thick: number, flat = 1): Mesh =>
  surface(56, 14, (u, v) => {
    const [a, b] = [u * Math.PI * 2, v * Math.PI * 2]
    const r = radius + Math.cos(b) * thick
    return [r * Math.sin(a), Math.sin(b) * thick * flat, r * Math.cos(a)]
  })

function distanceInside(x: number, y: number, outlines: readonly (readonly Point[])[]): number {
  let nearest = 1e9
  let inside = false
  for (const outline of outlines) {
    let before = outline[outline.length - 1]
    for (const here of outline) {
      if (before) {
        const [dx, dy] = [here[0] - before[0], here[1] - before[1]]
        const t = clamp(((x - before[0]) * dx + (y - before[1]) * dy) / (dx * dx + dy * dy || 1), 0, 1)
        nearest = Math.min(nearest, Math.hypot(x - before[0] - dx * t, y - before[1] - dy * t))
        if (here[1] > y !== before[1] > y && x < (dx * (y - here[1])) / (dy || 1e-9) + here[0]) inside = !inside
      }
      before = here
    }
  }
  return inside ? nearest : -nearest
}

export type PuffOptions = {
  thick: number
  edge?: number
  wrinkle?: number
  wrinkleScale?: Point
  grid?: number
  seed?: number
  bulge?: (x: number, y: number) => number
}

/** A solid plate: the outline drawn upward with rounded edges; the outline must be visible whole from its middle. */
export function slab(line: readonly Point[], height: number, bevel: number): Mesh {
  const cx = line.reduce((sum, p) => sum + p[0], 0) / line.length
  const cy = line.reduce((sum, p) => sum + p[1], 0) / line.length
  const half = Math.max(...line.map(p => Math.abs(p[1] - cy)))
  const inset = 1 - bevel / half
  const profile: readonly Point[] = [
    [0, 0],
    [inset, 0],
    [1 - (1 - inset) * 0.3, bevel * 0.3],
    [1, bevel],
    [1, height - bevel],
    [1 - (1 - inset) * 0.3, height - bevel * 0.3],
    [inset, height],
    [0.6, height],
    [0, height],
  ]
  return surface(
    line.length - 1,
    profile.length - 1,
    (u, v) => {
      const p = line[Math.round(u * (line.length - 1))] ?? [0, 0]
      const [grow, y] = profile[Math.round(v * (profile.length - 1))] ?? [0, 0]
      return [cx + (p[0] - cx) * grow, y, cy + (p[1] - cy) * grow]
    },
    (_u, _v, p) => [p[0], p[2]],
  )
}

/** A flat outline with rounded edges, thickness and soft wrinkles: cloth, plates and soles. */
export function puff(outlines: readonly (readonly Point[])[], options: PuffOptions): Mesh {
  const all = outlines.flat()
  const xs = all.map(p => p[0])
  const ys = all.map(p => p[1])
  const [lowX, highX, lowY, highY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const cells = options.grid ?? 72
  const cell = Math.max(highX - lowX, highY - lowY) / cells
  const across = Math.ceil((highX - lowX) / cell) + 2
  const along = Math.ceil((highY - lowY) / cell) + 2
  const edge = options.edge ?? options.thick
  const [sx, sy] = options.wrinkleScale ?? [6, 6]
  const seed = options.seed ?? 0
  const out: Mesh = { points: [], uvs: [], clip: [], faces: [] }
  for (const side of [1, -1]) {
    const from = out.points.length
    const sheet = surface(across, along, (u, v) => [lowX + (u * across - 1) * cell, lowY + (v * along - 1) * cell, 0])
    const distances = sheet.points.map(p => distanceInside(p[0], p[1], outlines))
    sheet.points.forEach((p, index) => {
      const d = at(distances, index)
      const k = clamp(1 - d / edge, 0, 1)
      const folds = (options.wrinkle ?? 0) * noise(p[0] * sx + seed, p[1] * sy, seed) * clamp(d / (edge * 2), 0, 1)
      const height = d > 0 ? options.thick * Math.sqrt(1 - k * k) + (side > 0 ? folds : 0) : 0
      out.points.push([p[0], p[1], side * height + (options.bulge?.(p[0], p[1]) ?? 0)])
      out.uvs.push([p[0], p[1]])
      out.clip.push(d)
    })
    for (const f of sheet.faces) {
      if (f.some(k => at(distances, k) > 0)) out.faces.push([f[0] + from, f[1] + from, f[2] + from])
    }
  }
  return out
}

/** A closed smooth outline through the points; with `mirror` the right half is given and the left half is added. */
export function outline(points: readonly Point[], steps = 90, mirror = false): Point[] {
  const other: Point[] = mirror
    ? [...points]
        .reverse()
        .filter(p => Math.abs(p[0]) > 1e-6)
        .map(p => [-p[0], p[1]])
    : []
  const whole: Vec[] = [...points, ...other].map(p => [p[0], p[1], 0])
  return curve(whole, steps, true).map(p => [p[0], p[1]])
}
