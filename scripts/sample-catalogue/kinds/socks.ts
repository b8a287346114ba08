/** Owns the shape of a pair of socks. */
import { FINISHES } from '../materials.ts'
import { poseAll } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { outline, puff } from '../shapes.ts'
import { type Point, shadeHex } from '../vector.ts'

const SOCK: readonly Point[] = [
  [-0.17, 0.75],
  [0.15, 0.75],
  [0.14, 0.4],
  [0.15, 0.08],
  [0.32, -0.06],
  [0.58, -0.13],
  [0.66, -0.25],
  [0.58, -0.36],
  [0.25, -0.37],
  [0, -0.36],
  [-0.15, -0.28],
  [-0.2, -0.1],
  [-0.16, 0.3],
]

export const socks: Model = {
  lie: [-90, 0, 0],
  lift: 0.06,
  build(look) {
    const rise = look.form % 3 === 2 ? 0.55 : 1
    const line = outline(
      SOCK.map(([x, y]) => [x, y > 0 ? y * rise : y]),
      120,
    )
    const knit = printed(look, { ...FINISHES.cloth, weave: 130 }, 2.2)
    const trim = plain(look.form % 2 ? look.second : shadeHex(look.base, 0.75), { ...FINISHES.cloth, weave: 150 })
    const high = 0.75 * rise
    const cuff: readonly Point[] = [
      [-0.19, high + 0.01],
      [0.17, high + 0.01],
      [0.165, high - 0.18],
      [-0.18, high - 0.18],
    ]
    const toe = outline(
      [
        [0.46, -0.1],
        [0.6, -0.13],
        [0.68, -0.25],
        [0.6, -0.37],
        [0.46, -0.375],
      ],
      60,
    )
    const heel = outline(
      [
        [-0.21, -0.06],
        [-0.08, -0.12],
        [-0.02, -0.24],
        [-0.06, -0.37],
        [-0.17, -0.3],
        [-0.22, -0.18],
      ],
      60,
    )
    const one = [
      part(
        puff([line], { thick: 0.05, edge: 0.1, wrinkle: 0.03, wrinkleScale: [5, 9], grid: 84, seed: look.form }),
        knit,
      ),
      part(puff([cuff], { thick: 0.057, edge: 0.09, grid: 40 }), trim),
      part(puff([toe], { thick: 0.055, edge: 0.12, grid: 40 }), trim),
      part(puff([heel], { thick: 0.055, edge: 0.12, grid: 40 }), trim),
    ]
    return [
      ...poseAll(one, { turn: [0, 0, 6], move: [0.08, 0.02, 0.06] }),
      ...poseAll(one, { turn: [0, 0, -8], move: [-0.34, -0.03, -0.06] }),
    ]
  },
}
