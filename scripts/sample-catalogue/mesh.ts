/** Owns triangle meshes: how they are made from a surface function, moved, measured and packed for drawing. */
import type { Material } from './materials.ts'
import { add, cross, dot, length, type Point, scale, sub, turn, unit, type Vec } from './vector.ts'

/** `clip` is a signed distance: the drawing code drops a pixel where it is negative. */
export type Mesh = { points: Vec[]; uvs: Point[]; clip: number[]; faces: Vec[] }
export type Part = { mesh: Mesh; material: Material }
export type Pose = { move?: Vec; turn?: Vec; size?: number | Vec }
export type Bounds = { low: Vec; high: Vec; centre: Vec; radius: number }

export type Packed = {
  count: number
  position: Float32Array
  normal: Float32Array
  uv: Float32Array
  clip: Float32Array
  material: Uint8Array
  materials: Material[]
}

export function surface(
  across: number,
  along: number,
  place: (u: number, v: number) => Vec,
  map: (u: number, v: number, p: Vec) => Point = (u, v) => [u, v],
): Mesh {
  const mesh: Mesh = { points: [], uvs: [], clip: [], faces: [] }
  for (let j = 0; j <= along; j += 1) {
    for (let i = 0; i <= across; i += 1) {
      const p = place(i / across, j / along)
      mesh.points.push(p)
      mesh.uvs.push(map(i / across, j / along, p))
      mesh.clip.push(1)
      if (i === across || j === along) continue
      const corner = j * (across + 1) + i
      mesh.faces.push([corner, corner + 1, corner + across + 1], [corner + 1, corner + across + 2, corner + across + 1])
    }
  }
  return mesh
}

export function deform(mesh: Mesh, change: (p: Vec) => Vec): Mesh {
  return { ...mesh, points: mesh.points.map(change) }
}

export function pose(mesh: Mesh, to: Pose): Mesh {
  const size = to.size ?? 1
  const factor: Vec = typeof size === 'number' ? [size, size, size] : size
  return deform(mesh, p => {
    const sized: Vec = [p[0] * factor[0], p[1] * factor[1], p[2] * factor[2]]
    return add(turn(sized, to.turn ?? [0, 0, 0]), to.move ?? [0, 0, 0])
  })
}

export const poseAll = (parts: readonly Part[], to: Pose): Part[] =>
  parts.map(part => ({ ...part, mesh: pose(part.mesh, to) }))

export function bounds(parts: readonly Part[]): Bounds {
  let low: Vec = [1e9, 1e9, 1e9]
  let high: Vec = [-1e9, -1e9, -1e9]
  for (const { mesh } of parts) {
    mesh.points.forEach((p, index) => {
      if ((mesh.clip[index] ?? 1) < 0) return
      low = [Math.min(low[0], p[0]), Math.min(low[1], p[1]), Math.min(low[2], p[2])]
      high = [Math.max(high[0], p[0]), Math.max(high[1], p[1]), Math.max(high[2], p[2])]
    })
  }
  const centre = scale(add(low, high), 0.5)
  return { low, high, centre, radius: length(sub(high, low)) / 2 }
}

/** Moves the parts so that they stand on the ground in the middle of the scene. */
export function ground(parts: readonly Part[], lift = 0): Part[] {
  const { low, centre } = bounds(parts)
  return poseAll(parts, { move: [-centre[0], lift - low[1], -centre[2]] })
}

const SAME_SURFACE = 0.72

function cornerNormals(mesh: Mesh): { face: Vec; corners: [Vec, Vec, Vec]; normals: [Vec, Vec, Vec] }[] {
  const key = (p: Vec): string => `${Math.round(p[0] * 2e3)},${Math.round(p[1] * 2e3)},${Math.round(p[2] * 2e3)}`
  const around = new Map<string, { raw: Vec; flat: Vec }[]>()
  const faces: { face: Vec; corners: [Vec, Vec, Vec]; flat: Vec; keys: [string, string, string] }[] = []
  for (const face of mesh.faces) {
    const [a, b, c] = [mesh.points[face[0]], mesh.points[face[1]], mesh.points[face[2]]]
    if (a === undefined || b === undefined || c === undefined) continue
    const raw = cross(sub(b, a), sub(c, a))
    if (length(raw) < 1e-10) continue
    const entry = { raw, flat: unit(raw) }
    const keys: [string, string, string] = [key(a), key(b), key(c)]
    for (const k of keys) {
      const list = around.get(k)
      if (list) list.push(entry)
      else around.set(k, [entry])
    }
    faces.push({ face, corners: [a, b, c], flat: entry.flat, keys })
  }
  const blend = (k: string, flat: Vec): Vec => {
    let sum: Vec = [0, 0, 0]
    for (const other of around.get(k) ?? []) if (dot(other.flat, flat) > SAME_SURFACE) sum = add(sum, other.raw)
    return unit(sum)
  }
  return faces.map(({ face, corners, flat, keys }) => ({
    face,
    corners,
    normals: [blend(keys[0], flat), blend(keys[1], flat), blend(keys[2], flat)],
  }))
}

export function pack(parts: readonly Part[]): Packed {
  const drawn = parts.map(part => ({ part, faces: cornerNormals(part.mesh) }))
  const count = drawn.reduce((sum, entry) => sum + entry.faces.length, 0)
  const materials = [...new Set(parts.map(part => part.material))]
  const packed: Packed = {
    count,
    position: new Float32Array(count * 9),
    normal: new Float32Array(count * 9),
    uv: new Float32Array(count * 6),
    clip: new Float32Array(count * 3),
    material: new Uint8Array(count),
    materials,
  }
  let index = 0
  for (const { part, faces } of drawn) {
    const id = materials.indexOf(part.material)
    for (const { face, corners, normals } of faces) {
      for (const k of [0, 1, 2] as const) {
        packed.position.set(corners[k], index * 9 + k * 3)
        packed.normal.set(normals[k], index * 9 + k * 3)
        packed.uv.set(part.mesh.uvs[face[k]] ?? [0, 0], index * 6 + k * 2)
        packed.clip[index * 3 + k] = part.mesh.clip[face[k]] ?? 1
      }
      packed.material[index] = id
      index += 1
    }
  }
  return packed
}
