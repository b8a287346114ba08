/** Owns the colour of every pixel: material, shadow, reflection, surface below and view behind. */
import { blinds, type Rig, reflected } from './lights.ts'
import type { Material } from './materials.ts'
import type { Packed } from './mesh.ts'
import { lattice, noise } from './random.ts'
import { type Hits, lit, type View } from './raster.ts'
import type { Setting } from './settings.ts'
import { sample } from './texture.ts'
import { add, clamp, dot, lerp, mixVec, scale, smooth, sub, toSrgb, unit, type Vec } from './vector.ts'

// Typed to one array kind on purpose: a shared helper that sees many kinds runs several times slower.
const at = (list: Float32Array, index: number): number => list[index] ?? 0

const JITTER_MASK = 4095
const JITTER = Float32Array.from({ length: JITTER_MASK + 1 }, (_, i) => lattice(i, 7, 3) * 2 - 1)

type Light = { key: Vec; sky: Vec; open: number }

function gather(rig: Rig, p: Vec, n: Vec, seed: number, wrap: number): Light {
  let [kx, ky, kz, sx, sy, sz] = [0, 0, 0, 0, 0, 0]
  let open = 0
  const x = p[0] + n[0] * 0.012
  const y = p[1] + n[1] * 0.012
  const z = p[2] + n[2] * 0.012
  for (let i = 0; i < rig.lamps.length; i += 1) {
    const lamp = rig.lamps[i]
    if (!lamp) continue
    const facing = n[0] * lamp.map.dir[0] + n[1] * lamp.map.dir[1] + n[2] * lamp.map.dir[2]
    const cosine = (facing + wrap) / (1 + wrap)
    if (cosine <= 0) continue
    const start = seed * 73 + i * 2
    const reach = lit(lamp.map, x, y, z, 0.014, at(JITTER, start & JITTER_MASK), at(JITTER, (start + 1) & JITTER_MASK))
    if (reach === 0) continue
    if (i < rig.keyCount) {
      kx += lamp.color[0] * cosine
      ky += lamp.color[1] * cosine
      kz += lamp.color[2] * cosine
    } else {
      sx += lamp.color[0] * cosine
      sy += lamp.color[1] * cosine
      sz += lamp.color[2] * cosine
      open += cosine
    }
  }
  const bars = blinds(rig, p[0], p[1], p[2])
  return {
    key: [kx * bars, ky * bars, kz * bars],
    sky: [sx, sy, sz],
    open: clamp(open / ((rig.lamps.length - rig.keyCount) * 0.5), 0, 1),
  }
}

function bumped(n: Vec, p: Vec, m: Material): Vec {
  if (m.bump <= 0) return n
  const s = m.bumpScale
  const wave = (o: number): number =>
    noise(p[0] * s + o, p[1] * s + o, p[2] * s) + 0.5 * noise(p[0] * s * 2.3, p[1] * s * 2.3 + o, p[2] * s * 2.3 + o)
  return unit([n[0] + wave(0) * m.bump, n[1] + wave(17.3) * m.bump, n[2] + wave(41.7) * m.bump])
}

function albedo(m: Material, u: number, v: number, p: Vec): Vec {
  let color = m.texture ? sample(m.texture, u * m.tile + 0.5, 0.5 - v * m.tile) : m.color
  if (m.weave > 0) {
    const k = m.weave
    const thread = Math.sin((p[0] + p[2] * 0.7) * k) * Math.sin((p[1] + p[2] * 0.7) * k)
    color = scale(color, 0.97 + 0.055 * thread)
  }
  const patch = noise(p[0] * 3, p[1] * 3, p[2] * 3)
  return scale(color, 1 + 0.05 * patch + m.fuzz * 0.22 * noise(p[0] * 60, p[1] * 60, p[2] * 60))
}

function paint(
  m: Material,
  p: Vec,
  normal: Vec,
  uv: readonly [number, number],
  eye: Vec,
  rig: Rig,
  floor: Vec,
  seed: number,
): Vec {
  const n = bumped(normal, p, m)
  const base = albedo(m, uv[0], uv[1], p)
  const light = gather(rig, p, n, seed, m.fuzz * 0.35)
  const down = (0.5 - 0.5 * n[1]) * 0.55 * (0.35 + 0.65 * light.open)
  const channel = (k: 0 | 1 | 2): number =>
    base[k] * (1 - m.metal) * (light.key[k] + light.sky[k] + floor[k] * down * (0.6 + rig.sky[k]) + 0.02)
  let color: Vec = [channel(0), channel(1), channel(2)]
  const facing = clamp(dot(n, eye), 0, 1)
  if (m.fuzz > 0) color = add(color, scale(base, m.fuzz * 0.5 * (1 - facing) ** 3 * (light.open + 0.2)))
  const fresnel = m.shine + (1 - m.shine) * (1 - facing) ** 5 * (1 - m.rough) ** 1.5
  const mirror = sub(scale(n, 2 * dot(n, eye)), eye)
  const seen = reflected(rig, mirror, m.rough, floor)
  const keyPart = (light.key[0] / (rig.keyColor[0] || 1)) * 0.6 + 0.4
  const strength = fresnel * (0.15 + 0.85 * light.open) * keyPart
  const tint: Vec = m.metal > 0 ? mixVec([1, 1, 1], base, m.metal) : [1, 1, 1]
  color = add(color, [seen[0] * strength * tint[0], seen[1] * strength * tint[1], seen[2] * strength * tint[2]])
  return m.glow > 0 ? add(color, scale(base, m.glow)) : color
}

function behind(ray: Vec, view: View, rig: Rig, setting: Setting, px: number, py: number, seed: number): Vec {
  const scene = sample(setting.backdrop, px / view.size, py / view.size)
  if (ray[1] > -0.01) return scene
  const t = -view.eye[1] / ray[1]
  const p = add(view.eye, scale(ray, t))
  const away = -(p[0] * view.back[0] + p[2] * view.back[2]) / (Math.hypot(view.back[0], view.back[2]) || 1)
  const level = Math.hypot(view.back[0], view.back[2])
  const cover = level < 0.5 ? 1 : 1 - smooth(setting.edge, setting.edge + setting.fade, away)
  if (cover <= 0) return scene
  const blur = smooth(0.6, 3, Math.abs(away))
  const base = sample(setting.ground, p[0] * setting.tile + 0.31, p[2] * setting.tile + 0.17, blur)
  const light = gather(rig, p, [0, 1, 0], seed, 0)
  const channel = (k: 0 | 1 | 2): number => base[k] * (light.key[k] + light.sky[k])
  const fresnel = setting.shine + setting.shine * 6 * (1 + ray[1]) ** 5
  const sheen = scale(rig.sky, fresnel * light.open)
  return mixVec(scene, add([channel(0), channel(1), channel(2)], sheen), cover)
}

const TONE_STEPS = 8191
const TONES = Float32Array.from({ length: TONE_STEPS + 1 }, (_, i) => clamp(toSrgb(i / TONE_STEPS), 0, 1) * 255)

const develop = (x: number, exposure: number): number => {
  const e = x * exposure
  const shoulder = e < 0.6 ? e : 0.6 + 0.4 * (1 - Math.exp(-(e - 0.6) / 0.42))
  return at(TONES, Math.round(clamp(shoulder, 0, 1) * TONE_STEPS))
}

function normalAt(packed: Packed, t: number, a: number, b: number, ray: Vec): Vec {
  const o = t * 9
  const c = 1 - a - b
  const axis = (k: number): number =>
    a * at(packed.normal, o + k) + b * at(packed.normal, o + 3 + k) + c * at(packed.normal, o + 6 + k)
  const n = unit([axis(0), axis(1), axis(2)])
  return dot(n, ray) > 0 ? scale(n, -1) : n
}

/** Shades the whole frame to 8-bit RGB. */
export function develops(
  packed: Packed,
  hits: Hits,
  view: View,
  rig: Rig,
  setting: Setting,
  exposure: number,
): Uint8Array {
  const { size } = view
  const out = new Uint8Array(size * size * 3)
  const floor = setting.ground.mean
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const index = y * size + x
      const dx = (x + 0.5 - view.shiftX) / view.focal
      const dy = (view.shiftY - y - 0.5) / view.focal
      const ray = unit(sub(add(scale(view.right, dx), scale(view.up, dy)), view.back))
      const t = hits.triangle[index] ?? -1
      let color: Vec
      if (t < 0) {
        color = behind(ray, view, rig, setting, x, y, index)
      } else {
        const [a, b] = [at(hits.a, index), at(hits.b, index)]
        const c = 1 - a - b
        const p = add(view.eye, scale(ray, at(hits.depth, index) / -dot(ray, view.back)))
        const uv = (k: number): number =>
          a * at(packed.uv, t * 6 + k) + b * at(packed.uv, t * 6 + 2 + k) + c * at(packed.uv, t * 6 + 4 + k)
        const m = packed.materials[packed.material[t] ?? 0]
        if (!m) continue
        color = paint(m, p, normalAt(packed, t, a, b, ray), [uv(0), uv(1)], scale(ray, -1), rig, floor, index)
      }
      out[index * 3] = develop(color[0], exposure)
      out[index * 3 + 1] = develop(color[1], exposure)
      out[index * 3 + 2] = develop(color[2], exposure)
    }
  }
  return out
}

export const exposureFor = (setting: Setting): number =>
  lerp(0.98, 0.86, clamp(dot(setting.ground.mean, [0.3, 0.6, 0.1]), 0, 1))
