/** Owns turning packed triangles into per-pixel hits: the camera's view and the depth maps used for shadows. */
import type { Packed } from './mesh.ts'
import { cross, dot, unit, type Vec } from './vector.ts'

// Typed to one array kind on purpose: a shared helper that sees many kinds runs several times slower.
const at = (list: Float32Array, index: number): number => list[index] ?? 0

export type View = {
  right: Vec
  up: Vec
  back: Vec
  eye: Vec
  focal: number
  shiftX: number
  shiftY: number
  size: number
}
export type Hits = { triangle: Int32Array; a: Float32Array; b: Float32Array; depth: Float32Array }

/** Projects to pixels; the third value is the distance along the view. */
export function project(view: View, p: Vec): Vec {
  const [x, y, z] = [p[0] - view.eye[0], p[1] - view.eye[1], p[2] - view.eye[2]]
  const far = -(x * view.back[0] + y * view.back[1] + z * view.back[2])
  const side = x * view.right[0] + y * view.right[1] + z * view.right[2]
  const rise = x * view.up[0] + y * view.up[1] + z * view.up[2]
  return [view.shiftX + (side / far) * view.focal, view.shiftY - (rise / far) * view.focal, far]
}

export function castView(packed: Packed, view: View): Hits {
  const { size } = view
  const hits: Hits = {
    triangle: new Int32Array(size * size).fill(-1),
    a: new Float32Array(size * size),
    b: new Float32Array(size * size),
    depth: new Float32Array(size * size).fill(1e9),
  }
  const corner = (t: number, k: number): Vec => {
    const o = t * 9 + k * 3
    return project(view, [at(packed.position, o), at(packed.position, o + 1), at(packed.position, o + 2)])
  }
  for (let t = 0; t < packed.count; t += 1) {
    const [p, q, r] = [corner(t, 0), corner(t, 1), corner(t, 2)]
    const area = (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])
    if (Math.abs(area) < 1e-9) continue
    const [lowX, highX] = [
      Math.max(0, Math.floor(Math.min(p[0], q[0], r[0]))),
      Math.min(size - 1, Math.ceil(Math.max(p[0], q[0], r[0]))),
    ]
    const [lowY, highY] = [
      Math.max(0, Math.floor(Math.min(p[1], q[1], r[1]))),
      Math.min(size - 1, Math.ceil(Math.max(p[1], q[1], r[1]))),
    ]
    const [c0, c1, c2] = [at(packed.clip, t * 3), at(packed.clip, t * 3 + 1), at(packed.clip, t * 3 + 2)]
    for (let y = lowY; y <= highY; y += 1) {
      for (let x = lowX; x <= highX; x += 1) {
        const [px, py] = [x + 0.5, y + 0.5]
        const w0 = ((q[0] - px) * (r[1] - py) - (r[0] - px) * (q[1] - py)) / area
        const w1 = ((r[0] - px) * (p[1] - py) - (p[0] - px) * (r[1] - py)) / area
        const w2 = 1 - w0 - w1
        if (w0 < -1e-6 || w1 < -1e-6 || w2 < -1e-6) continue
        const inverse = w0 / p[2] + w1 / q[2] + w2 / r[2]
        const depth = 1 / inverse
        const index = y * size + x
        if (depth >= at(hits.depth, index)) continue
        const a = (w0 / p[2]) * depth
        const b = (w1 / q[2]) * depth
        if (a * c0 + b * c1 + (1 - a - b) * c2 < 0) continue
        hits.depth[index] = depth
        hits.triangle[index] = t
        hits.a[index] = a
        hits.b[index] = b
      }
    }
  }
  return hits
}

export type ShadowMap = { dir: Vec; side: Vec; up: Vec; centre: Vec; scale: number; size: number; depth: Float32Array }

/** A depth map of the scene as seen from a far light in direction `dir`. */
export function castShadow(packed: Packed, dir: Vec, centre: Vec, radius: number, size: number): ShadowMap {
  const side = unit(cross(Math.abs(dir[1]) > 0.95 ? [1, 0, 0] : [0, 1, 0], dir))
  const up = cross(dir, side)
  const map: ShadowMap = {
    dir,
    side,
    up,
    centre,
    scale: size / (2 * radius),
    size,
    depth: new Float32Array(size * size).fill(-1e9),
  }
  const middle = size / 2
  const [cs, cu, cd] = [dot(centre, side), dot(centre, up), dot(centre, dir)]
  const xs = new Float32Array(packed.count * 3)
  const ys = new Float32Array(packed.count * 3)
  const ds = new Float32Array(packed.count * 3)
  for (let i = 0; i < packed.count * 3; i += 1) {
    const [x, y, z] = [at(packed.position, i * 3), at(packed.position, i * 3 + 1), at(packed.position, i * 3 + 2)]
    xs[i] = (x * side[0] + y * side[1] + z * side[2] - cs) * map.scale + middle
    ys[i] = (x * up[0] + y * up[1] + z * up[2] - cu) * map.scale + middle
    ds[i] = x * dir[0] + y * dir[1] + z * dir[2] - cd
  }
  for (let t = 0; t < packed.count; t += 1) {
    const i = t * 3
    const [ax, ay, bx, by, cx, cy] = [at(xs, i), at(ys, i), at(xs, i + 1), at(ys, i + 1), at(xs, i + 2), at(ys, i + 2)]
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if (Math.abs(area) < 1e-9) continue
    const lowX = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5))
    const highX = Math.min(size - 1, Math.floor(Math.max(ax, bx, cx) - 0.5))
    const lowY = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5))
    const highY = Math.min(size - 1, Math.floor(Math.max(ay, by, cy) - 0.5))
    const [k0, k1, k2] = [at(packed.clip, i), at(packed.clip, i + 1), at(packed.clip, i + 2)]
    for (let y = lowY; y <= highY; y += 1) {
      for (let x = lowX; x <= highX; x += 1) {
        const [px, py] = [x + 0.5, y + 0.5]
        const w0 = ((bx - px) * (cy - py) - (cx - px) * (by - py)) / area
        const w1 = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) / area
        const w2 = 1 - w0 - w1
        if (w0 < 0 || w1 < 0 || w2 < 0 || w0 * k0 + w1 * k1 + w2 * k2 < 0) continue
        const depth = w0 * at(ds, i) + w1 * at(ds, i + 1) + w2 * at(ds, i + 2)
        const index = y * size + x
        if (depth > at(map.depth, index)) map.depth[index] = depth
      }
    }
  }
  return map
}

/** 1 where the light reaches the point, 0 where something nearer to the light covers it. */
export function lit(
  map: ShadowMap,
  x: number,
  y: number,
  z: number,
  bias: number,
  jitterX: number,
  jitterY: number,
): number {
  const { side, up, dir, centre, scale, size } = map
  const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]]
  const mx = Math.floor((dx * side[0] + dy * side[1] + dz * side[2]) * scale + size / 2 + jitterX)
  const my = Math.floor((dx * up[0] + dy * up[1] + dz * up[2]) * scale + size / 2 + jitterY)
  if (mx < 0 || my < 0 || mx >= size || my >= size) return 1
  return at(map.depth, my * size + mx) > dx * dir[0] + dy * dir[1] + dz * dir[2] + bias ? 0 : 1
}
