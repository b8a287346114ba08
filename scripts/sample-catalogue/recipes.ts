/** Owns the list of shots: which view, arrangement, place and seller's mark each picture of a kind gets. */
import type { Shot } from './camera.ts'
import type { Marks } from './overlay.ts'
import type { Random } from './random.ts'
import type { SettingName } from './settings.ts'

export type Layout = 'one' | 'pair' | 'trio' | 'box' | 'sprig' | 'block'
export type Recipe = {
  layout: Layout
  lying: boolean
  shot: Shot
  marks?: Marks
  setting: SettingName
  warmth: number
  softness: number
  mirrored: boolean
}
type Draft = { layout: Layout; lying: boolean; shot: Shot; marks?: Marks }

const DRAFTS: readonly Draft[] = [
  { layout: 'one', lying: false, shot: { yaw: 26, pitch: 14, fill: 0.9 }, marks: 'badge' },
  { layout: 'block', lying: false, shot: { yaw: -22, pitch: 12, fill: 0.92 } },
  { layout: 'trio', lying: false, shot: { yaw: 6, pitch: 24, fill: 0.96 } },
  { layout: 'sprig', lying: false, shot: { yaw: 42, pitch: 36, fill: 0.94 } },
  { layout: 'one', lying: false, shot: { yaw: -34, pitch: 19, fill: 1.18, offset: [0.04, 0.07] } },
  { layout: 'one', lying: true, shot: { yaw: 14, pitch: 42, fill: 0.92 } },
  { layout: 'sprig', lying: true, shot: { yaw: -6, pitch: 72, fill: 0.94, roll: 8 }, marks: 'text' },
  { layout: 'box', lying: false, shot: { yaw: -14, pitch: 15, fill: 0.94 } },
  { layout: 'pair', lying: false, shot: { yaw: 32, pitch: 20, fill: 0.95 } },
  { layout: 'one', lying: false, shot: { yaw: 58, pitch: 17, fill: 0.88, offset: [-0.03, 0.02] }, marks: 'ribbon' },
]

const PLACES: readonly SettingName[] = [
  'studio',
  'wood',
  'paper',
  'marble',
  'slate',
  'meadow',
  'linen',
  'shelf',
  'blue',
  'window',
  'mint',
  'street',
]

export function offerRecipe(kind: number, index: number, random: Random): Recipe {
  const draft = DRAFTS[index] ?? DRAFTS[0]
  if (!draft) throw new Error('no shots are defined')
  const { marks, ...rest } = draft
  const flip = kind % 2 ? -1 : 1
  return {
    ...rest,
    ...(marks ? { marks } : {}),
    shot: {
      ...draft.shot,
      yaw: draft.shot.yaw * flip + random.range(-7, 7),
      pitch: draft.shot.pitch + random.range(-3, 3),
    },
    setting: PLACES[(index * 5 + kind * 7) % PLACES.length] ?? 'studio',
    warmth: random.range(-0.02, 0.035),
    softness: random.range(0.45, 0.7),
    mirrored: random.chance(0.5),
  }
}

export type QueryWay = 'rotated' | 'cropped' | 'recoloured'

/** Views, places and arrangements that no offer uses. */
export function queryRecipe(way: QueryWay, kind: number, random: Random): Recipe {
  const flip = kind % 2 ? 1 : -1
  const shots: Record<QueryWay, { shot: Shot; setting: SettingName }> = {
    rotated: { shot: { yaw: 16 * flip, pitch: 27, fill: 0.72 }, setting: 'tiles' },
    cropped: { shot: { yaw: -12 * flip, pitch: 30, fill: 0.84 }, setting: 'desk' },
    recoloured: { shot: { yaw: 24 * flip, pitch: 20, fill: 0.86 }, setting: 'tiles' },
  }
  const { shot, setting } = shots[way]
  return {
    layout: 'one',
    lying: false,
    shot: { ...shot, yaw: shot.yaw + random.range(-4, 4), roll: way === 'recoloured' ? 3 * flip : 0 },
    setting,
    warmth: random.range(-0.03, 0.05),
    softness: random.range(0.6, 0.9),
    mirrored: random.chance(0.5),
  }
}
