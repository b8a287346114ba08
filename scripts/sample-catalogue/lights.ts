/** Owns the light of a scene: a broad key light, a sky dome, and what shiny things mirror. */
import type { Packed } from './mesh.ts'
import { castShadow, type ShadowMap } from './raster.ts'
import type { LightName } from './settings.ts'
import { add, cross, dot, scale, smooth, unit, type Vec } from './vector.ts'

export type Lamp = { map: ShadowMap; color: Vec }
export type Rig = {
  key: Vec
  side: Vec
  up: Vec
  keyColor: Vec
  lamps: Lamp[]
  keyCount: number
  sky: Vec
  blinds: boolean
  spread: number
}

type Plan = { key: Vec; spread: number; keyColor: Vec; sky: Vec; blinds?: boolean }

const PLANS: Record<LightName, Plan> = {
  soft: { key: [-0.5, 1, 0.65], spread: 0.34, keyColor: [1.12, 1.1, 1.06], sky: [0.56, 0.57, 0.6] },
  day: { key: [0.75, 0.95, 0.35], spread: 0.16, keyColor: [1.42, 1.36, 1.24], sky: [0.42, 0.45, 0.5] },
  window: { key: [-0.9, 0.72, 0.3], spread: 0.05, keyColor: [1.9, 1.72, 1.4], sky: [0.4, 0.43, 0.5], blinds: true },
  warm: { key: [0.3, 1, 0.6], spread: 0.2, keyColor: [1.4, 1.2, 0.92], sky: [0.46, 0.43, 0.4] },
  side: { key: [-1, 0.7, 0.15], spread: 0.18, keyColor: [1.6, 1.52, 1.42], sky: [0.36, 0.38, 0.42] },
  flash: { key: [0.3, 0.85, 0.9], spread: 0.1, keyColor: [1.35, 1.32, 1.25], sky: [0.46, 0.5, 0.55] },
}

const KEY_LAMPS = 9
const SKY_LAMPS = 19

export function createRig(packed: Packed, name: LightName, centre: Vec, radius: number, mirrored: boolean): Rig {
  const plan = PLANS[name]
  const key = unit(mirrored ? [-plan.key[0], plan.key[1], plan.key[2]] : plan.key)
  const side = unit(cross([0, 1, 0], key))
  const up = cross(key, side)
  const lamps: Lamp[] = []
  for (let i = 0; i < KEY_LAMPS; i += 1) {
    const r = Math.sqrt((i + 0.5) / KEY_LAMPS) * plan.spread
    const angle = i * 2.39996
    const dir = unit(add(key, add(scale(side, r * Math.cos(angle)), scale(up, r * Math.sin(angle)))))
    lamps.push({ map: castShadow(packed, dir, centre, radius, 300), color: scale(plan.keyColor, 1 / KEY_LAMPS) })
  }
  for (let i = 0; i < SKY_LAMPS; i += 1) {
    const rise = 0.06 + (0.92 * (i + 0.5)) / SKY_LAMPS
    const angle = i * 2.39996 + 0.4
    const r = Math.sqrt(1 - rise * rise)
    const dir: Vec = [r * Math.cos(angle), rise, r * Math.sin(angle)]
    lamps.push({ map: castShadow(packed, dir, centre, radius, 160), color: scale(plan.sky, 2.1 / SKY_LAMPS) })
  }
  return {
    key,
    side,
    up,
    keyColor: plan.keyColor,
    lamps,
    keyCount: KEY_LAMPS,
    sky: plan.sky,
    blinds: plan.blinds ?? false,
    spread: plan.spread,
  }
}

/** What a mirror would show in this direction: a window-shaped light, a strip light, the sky and the ground. */
export function reflected(rig: Rig, r: Vec, rough: number, floor: Vec): Vec {
  const blur = 0.06 + rough * 0.7
  const { side, up } = rig
  const facing = dot(r, rig.key)
  const [x, y] = [dot(r, side), dot(r, up)]
  const width = 0.26 + rig.spread * 0.5
  const box =
    facing > 0
      ? (1 - smooth(width, width + blur, Math.abs(x))) * (1 - smooth(width * 1.3, width * 1.3 + blur, Math.abs(y)))
      : 0
  const strip = (1 - smooth(0.08, 0.08 + blur, Math.abs(r[0] + rig.key[0] * 1.15))) * smooth(-0.2, 0.3, r[1]) * 0.55
  const gain = 3.2 / (1 + rough * 5)
  const horizon = smooth(-0.25 - rough * 0.3, 0.2 + rough * 0.3, r[1])
  const glow = 0.55 + 0.5 * Math.max(0, r[1])
  const channel = (k: 0 | 1 | 2): number =>
    floor[k] * 0.55 * (1 - horizon) + rig.sky[k] * glow * horizon + (box + strip) * rig.keyColor[k] * gain
  return [channel(0), channel(1), channel(2)]
}

/** The bars of light that fall through a window. */
export function blinds(rig: Rig, x: number, y: number, z: number): number {
  if (!rig.blinds) return 1
  const along = x - (y * rig.key[0]) / rig.key[1]
  const deep = z - (y * rig.key[2]) / rig.key[1]
  const turned = along * 0.94 + deep * 0.34
  const cell = (turned + 10.35) % 1.35
  const bar = smooth(0, 0.1, cell) * (1 - smooth(1.05, 1.16, cell))
  const cross2 = (deep * 0.94 - along * 0.34 + 10.9) % 1.9
  return 0.25 + 0.75 * bar * smooth(0, 0.1, cross2) * (1 - smooth(1.6, 1.72, cross2))
}
