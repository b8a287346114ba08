/** Owns one picture from start to end: builds the pieces, arranges them, lights, draws and finishes the photo. */
import { frame } from './camera.ts'
import { createRig } from './lights.ts'
import { FINISHES, material } from './materials.ts'
import { bounds, deform, ground, type Part, pack, pose, poseAll } from './mesh.ts'
import { type Look, type Model, part } from './model.ts'
import { overlaySvg } from './overlay.ts'
import { type PatternName, patternSvg } from './patterns.ts'
import { type Crop, finish } from './post.ts'
import type { Random } from './random.ts'
import { castView } from './raster.ts'
import type { Layout, Recipe } from './recipes.ts'
import { loadSetting } from './settings.ts'
import { develops, exposureFor } from './shade.ts'
import { ellipsoid, roundBox, tube } from './shapes.ts'
import { loadTexture } from './texture.ts'
import type { Vec } from './vector.ts'

export type Dress = { base: string; second: string; accent: string; pattern: PatternName; form: number }
export type Order = {
  model: Model
  dress: Dress
  others: readonly Dress[]
  recipe: Recipe
  random: Random
  turn?: number
  crop?: Crop
}

const DRAWN_SIZE = 504

async function piece(model: Model, dress: Dress, lying: boolean, random: Random): Promise<Part[]> {
  const print = await loadTexture(patternSvg(dress.pattern, dress))
  const look: Look = { ...dress, print, random }
  const built = model.build(look)
  const turned = poseAll(built, { turn: lying ? model.lie : [0, 0, 0] })
  const sized = poseAll(turned, { size: 1 / bounds(turned).radius })
  return ground(sized, lying ? 0 : (model.lift ?? 0))
}

function sprig(random: Random): Part[] {
  const green = material(random.pick(['#5c7f4f', '#7d9a6a', '#4d6b57', '#a8946a']), {
    rough: 0.5,
    bump: 0.1,
    bumpScale: 12,
  })
  const stem: Vec[] = [
    [0, 0.04, 0],
    [0.25, 0.1, 0.05],
    [0.5, 0.13, -0.02],
    [0.78, 0.08, -0.1],
  ]
  const parts = [part(tube(stem, 0.012), green)]
  for (let i = 0; i < 8; i += 1) {
    const side = i % 2 ? 1 : -1
    const leaf = deform(ellipsoid(0.055, 0.008, 0.14, 20, 12), p => [
      p[0] * (1 - p[2] * 1.6),
      p[1] + p[0] * p[0] * 3,
      p[2],
    ])
    parts.push(
      part(
        pose(leaf, {
          turn: [side * -14, side > 0 ? 30 : 150, 0],
          move: [0.16 + i * 0.085, 0.1 + random.range(0, 0.05), side * 0.13],
        }),
        green,
      ),
    )
  }
  return parts
}

const blocks = (random: Random): Part[] => {
  const woody = material(random.pick(['#b98a58', '#d8d2c6', '#c9a58e', '#8d9a94']), FINISHES.wood)
  return [
    part(pose(roundBox(0.34, 0.34, 0.34, 0.02), { turn: [0, 24, 0], move: [0, 0.17, 0] }), woody),
    part(
      pose(ellipsoid(0.14, 0.14, 0.14), { move: [0.36, 0.14, 0.16] }),
      material(random.pick(['#e9e4da', '#c98d6d', '#6f8f8a']), FINISHES.ceramic),
    ),
  ]
}

const carton = (height: number, random: Random): Part[] => {
  const card = material(random.pick(['#b88f60', '#e8e4dc', '#3a3c42', '#a9bcc4']), FINISHES.paper)
  const tape = material(random.pick(['#d9c79c', '#b8242c', '#2f5f8f']), FINISHES.plastic)
  const h = height * 0.8
  return [
    part(pose(roundBox(0.72, h, 0.5, 0.015), { move: [0, h / 2, 0] }), card),
    part(pose(roundBox(0.1, h + 0.012, 0.512, 0.015), { move: [0.05, h / 2, 0] }), tape),
    part(
      pose(roundBox(0.3, h * 0.22, 0.508, 0.01), { move: [-0.17, h * 0.66, 0.002] }),
      material('#f4f1ea', FINISHES.paper),
    ),
  ]
}

/** Puts props and further pieces beside the first one; facing keeps them from hiding it. */
function arrange(layout: Layout, pieces: Part[][], yaw: number, random: Random): Part[] {
  const [first, second, third] = pieces.map(p => poseAll(p, { turn: [0, -yaw, 0] }))
  if (!first) return []
  const box = bounds(first)
  const [half, deep] = [(box.high[0] - box.low[0]) / 2, (box.high[2] - box.low[2]) / 2]
  const beside = (parts: readonly Part[], x: number, z: number, turn = 0): Part[] =>
    poseAll(parts, { turn: [0, turn, 0], move: [x, 0, z] })
  const side = random.chance(0.5) ? 1 : -1
  switch (layout) {
    case 'trio': {
      if (half > deep * 1.6 && half * 1.5 > box.high[1])
        return [
          ...first,
          ...beside(second ?? [], half * 0.35, -deep * 2.3),
          ...beside(third ?? [], half * -0.35, deep * 2.3),
        ]
      const step = half * 2.08
      return [...first, ...beside(second ?? [], step, -deep * 0.25, -8), ...beside(third ?? [], -step, -deep * 0.25, 8)]
    }
    case 'pair':
      return [...first, ...beside(second ?? [], side * half * 1.25, -deep * 1.7 - 0.1, side * -28)]
    case 'box':
      return [
        ...first,
        ...beside(carton(Math.max(0.6, box.high[1]), random), side * (half * 0.75 + 0.2), -deep - 0.42, side * -16),
      ]
    case 'sprig':
      return [...first, ...beside(sprig(random), side * (half * 0.55), deep + 0.08, side > 0 ? 12 : 190)]
    case 'block':
      return [...first, ...beside(blocks(random), side * (half + 0.22), -deep * 0.6 - 0.1)]
    case 'one':
      return first
  }
}

export async function photograph(order: Order): Promise<Buffer> {
  const { model, recipe, random } = order
  const dresses = [
    order.dress,
    ...(recipe.layout === 'trio' ? order.others : recipe.layout === 'pair' ? order.others.slice(0, 1) : []),
  ]
  const pieces: Part[][] = []
  for (const dress of dresses) pieces.push(await piece(model, dress, recipe.lying, random))
  const turned = recipe.shot.yaw + (recipe.lying ? 0 : (model.facing ?? 0))
  const scene = arrange(recipe.layout, pieces, turned, random)
  const scaled = poseAll(scene, { size: 1 / bounds(scene).radius })
  const packed = pack(scaled)
  const setting = await loadSetting(recipe.setting)
  const { centre, radius } = bounds(scaled)
  const rig = createRig(packed, setting.light, centre, radius * 1.08, recipe.mirrored)
  const view = frame(packed, centre, { ...recipe.shot, yaw: 0 }, DRAWN_SIZE)
  const pixels = develops(packed, castView(packed, view), view, rig, setting, exposureFor(setting))
  return finish(
    pixels,
    DRAWN_SIZE,
    {
      warmth: recipe.warmth,
      softness: recipe.softness,
      ...(recipe.marks ? { overlay: overlaySvg(recipe.marks, random) } : {}),
      ...(order.turn ? { turn: order.turn } : {}),
      ...(order.crop ? { crop: order.crop } : {}),
    },
    random,
  )
}
