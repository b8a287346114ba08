/** Owns the shapes of footwear: sneaker and sandal. */
import { FINISHES } from '../materials.ts'
import { deform, type Part, pose, poseAll, surface } from '../mesh.ts'
import { type Look, type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, outline, roundBox, slab, tube } from '../shapes.ts'
import { type Point, shadeHex, smooth, type Vec } from '../vector.ts'

const SOLE: readonly Point[] = [
  [-0.66, 0],
  [-0.6, 0.17],
  [-0.35, 0.21],
  [0, 0.2],
  [0.35, 0.26],
  [0.58, 0.2],
  [0.68, 0],
  [0.58, -0.18],
  [0.35, -0.24],
  [0, -0.16],
  [-0.35, -0.19],
  [-0.6, -0.16],
]

const sole = (height: number, grow: number, lift: number): Part['mesh'] => {
  const line = outline(
    SOLE.map(([x, y]) => [x * (1 + grow * 0.5), y * (1 + grow)]),
    100,
  )
  const flat = pose(slab(line, height, height * 0.25), { move: [0, lift, 0], size: [1, 1, -1] })
  return deform(flat, p => [p[0], p[1] + 0.09 * smooth(0.35, 0.8, p[0]) + 0.02 * smooth(-0.4, -0.7, p[0]), p[2]])
}

const upperTop = (x: number, high: number): number => {
  if (x < -0.12) return high
  return high - (high - 0.25) * smooth(-0.14, 0.36, x) - 0.1 * smooth(0.42, 0.66, x)
}

function shoe(look: Look): Part[] {
  const high = look.form % 3 === 1 ? 0.72 : 0.54
  const skin = printed(look, look.form % 2 ? FINISHES.canvas : FINISHES.leather, 1.7)
  const trim = plain(look.second, FINISHES.leather)
  const pale = plain(look.form % 4 === 3 ? '#33343a' : '#f1efea', FINISHES.rubber)
  const wide = (x: number): number => 0.215 + 0.045 * smooth(-0.2, 0.35, x) - 0.02 * smooth(-0.4, -0.66, x)
  const at = (x: number, angle: number, grow = 0): Vec => {
    const taper =
      Math.sqrt(Math.max(0, 1 - Math.max(0, (x - 0.3) / 0.37) ** 2.4)) *
      Math.sqrt(Math.max(0, 1 - Math.max(0, (-x - 0.42) / 0.23) ** 4))
    const top = upperTop(x, high) * (0.5 + 0.5 * taper)
    const side = Math.cos(angle)
    const narrow = 1 - 0.42 * Math.sin(angle) * smooth(0.15, -0.2, x)
    return [
      x,
      0.12 + (top - 0.12 + grow) * Math.sin(angle) ** 0.75 + 0.07 * smooth(0.35, 0.8, x),
      side * (wide(x) + grow) * narrow * Math.max(0.02, taper),
    ]
  }
  const upper = surface(
    64,
    30,
    (u, v) => at(-0.65 + u * 1.32, 0.001 + v * (Math.PI - 0.002)),
    (u, v) => [u * 1.4, v],
  )
  const parts = [part(sole(0.13, 0.1, 0), pale), part(sole(0.06, 0.02, 0.1), trim), part(upper, skin)]
  const collar: Vec[] = [
    [-0.6, high - 0.03, 0],
    [-0.45, high - 0.06, 0.13],
    [-0.2, high - 0.03, 0.12],
    [-0.08, high + 0.02, 0],
    [-0.2, high - 0.03, -0.12],
    [-0.45, high - 0.06, -0.13],
  ]
  parts.push(part(tube(collar, 0.045, { closed: true, steps: 60 }), plain(shadeHex(look.base, 0.75), FINISHES.cloth)))
  parts.push(
    part(pose(ellipsoid(0.25, 0.05, 0.12), { move: [-0.34, high - 0.015, 0] }), plain('#1c1b1d', FINISHES.cloth)),
  )
  parts.push(
    part(
      pose(
        deform(roundBox(0.07, 0.3, 0.2, 0.03), p => [p[0] - p[1] * 0.3, p[1], p[2]]),
        { move: [-0.06, high + 0.01, 0], turn: [0, 0, 20] },
      ),
      trim,
    ),
  )
  for (let i = 0; i < 5; i += 1) {
    const x = -0.04 + i * 0.085
    const lace = [0.9, 1.25, 1.57, 1.9, 2.24].map(angle => at(x + (angle - 1.57) * 0.05, angle, 0.02))
    parts.push(part(tube(lace, 0.019, { flat: 0.7 }), pale))
  }
  for (const s of [0, 1]) {
    const bend = (angle: number): number => (s ? Math.PI - angle : angle)
    for (let k = 0; k < (look.form % 3) + 1; k += 1) {
      const x = -0.26 + k * 0.12
      parts.push(
        part(
          tube([at(x, bend(0.15), 0.006), at(x + 0.08, bend(0.45), 0.008), at(x + 0.17, bend(0.75), 0.01)], 0.032, {
            flat: 0.35,
          }),
          trim,
        ),
      )
    }
    parts.push(
      part(
        tube([at(-0.63, bend(1.2), 0.005), at(-0.56, bend(0.5), 0.01), at(-0.45, bend(0.15), 0.008)], 0.04, {
          flat: 0.4,
        }),
        trim,
      ),
    )
    parts.push(
      part(
        tube([at(0.3, bend(0.12), 0.006), at(0.48, bend(0.3), 0.006), at(0.64, bend(0.8), 0.006)], 0.035, {
          flat: 0.4,
        }),
        trim,
      ),
    )
  }
  return parts
}

const both = (one: Part[], gap: number): Part[] => [
  ...poseAll(one, { move: [0, 0, gap] }),
  ...poseAll(one, { size: [1, 1, -1], turn: [0, 14, 0], move: [-0.1, 0, -gap] }),
]

export const sneaker: Model = {
  lie: [78, 0, 12],
  facing: 0,
  build: look => (look.form % 4 === 0 ? both(shoe(look), 0.32) : shoe(look)),
}

export const sandal: Model = {
  lie: [0, 60, 0],
  facing: 35,
  build(look) {
    const foam = printed(look, FINISHES.rubber, 2)
    const strapped = plain(look.form % 2 ? look.base : look.second, look.form % 2 ? FINISHES.leather : FINISHES.rubber)
    const one = [
      part(sole(0.15, 0.08, 0), plain(shadeHex(look.base, 0.8), FINISHES.rubber)),
      part(sole(0.05, 0.04, 0.125), foam),
    ]
    const band = (from: number, to: number, high: number): Part =>
      part(
        surface(
          14,
          28,
          (u, v) => {
            const angle = v * Math.PI
            const x = from + (to - from) * u + 0.04 * Math.cos(angle)
            const edge = 1 + 0.1 * Math.sin(u * Math.PI)
            return [
              x,
              0.13 + 0.09 * smooth(0.35, 0.8, x) + Math.sin(angle) ** 0.8 * high * edge,
              -0.02 + Math.cos(angle) * 0.27 * edge,
            ]
          },
          (u, v) => [u * 0.5, v],
        ),
        strapped,
      )
    if (look.form % 3 === 2) {
      for (const s of [-1, 1])
        one.push(
          part(
            tube(
              [
                [0.4, 0.2, 0],
                [0.34, 0.3, s * 0.05],
                [0.1, 0.29, s * 0.17],
                [-0.1, 0.16, s * 0.2],
              ],
              0.042,
              { flat: 0.5 },
            ),
            strapped,
          ),
        )
    } else if (look.form % 3 === 1) one.push(band(0.02, 0.22, 0.27), band(0.27, 0.44, 0.22))
    else one.push(band(0.02, 0.46, 0.26))
    return both(one, 0.3)
  },
}
