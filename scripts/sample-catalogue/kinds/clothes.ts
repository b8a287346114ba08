/** Owns the shapes of cloth goods: T-shirt, dress, towel and cushion. */
import { FINISHES, material } from '../materials.ts'
import { deform, pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { noise } from '../random.ts'
import { ellipsoid, outline, puff, roundBox, tube } from '../shapes.ts'
import { type Point, shadeHex, type Vec } from '../vector.ts'

const line = (points: readonly Point[]): Point[] => [
  ...points,
  ...[...points]
    .reverse()
    .filter(p => p[0] !== 0)
    .map((p): Point => [-p[0], p[1]]),
]

export const tShirt: Model = {
  lie: [-90, 0, 0],
  lift: 0.12,
  build(look) {
    const sleeve = look.form % 3 === 2 ? 0.34 : 0
    const body = line([
      [0, 0.5],
      [0.1, 0.52],
      [0.16, 0.6],
      [0.36, 0.55],
      [0.5, 0.42],
      [0.68 + sleeve * 0.3, 0.14 - sleeve],
      [0.52 + sleeve * 0.2, 0.02 - sleeve],
      [0.4, 0.16],
      [0.385, -0.2],
      [0.4, -0.62],
      [0.2, -0.65],
      [0, -0.655],
    ])
    const cloth = printed(look, FINISHES.cloth, 0.75)
    const trim = plain(look.form % 2 ? look.second : shadeHex(look.base, 0.8), FINISHES.cloth)
    const neck: Vec[] = [
      [-0.165, 0.6, 0],
      [-0.11, 0.53, 0.045],
      [0, 0.495, 0.06],
      [0.11, 0.53, 0.045],
      [0.165, 0.6, 0],
    ]
    const back: Vec[] = [
      [-0.165, 0.6, 0],
      [-0.08, 0.595, -0.04],
      [0, 0.59, -0.05],
      [0.08, 0.595, -0.04],
      [0.165, 0.6, 0],
    ]
    const inside = outline(
      [
        [-0.15, 0.59],
        [-0.08, 0.52],
        [0, 0.5],
        [0.08, 0.52],
        [0.15, 0.59],
        [0, 0.6],
      ],
      50,
    )
    const parts = [
      part(
        puff([body], {
          thick: 0.06,
          edge: 0.2,
          wrinkle: 0.075,
          wrinkleScale: [7, 3.2],
          grid: 100,
          seed: look.form * 3,
        }),
        cloth,
      ),
      part(
        pose(puff([inside], { thick: 0.01, grid: 30 }), { move: [0, 0, -0.03] }),
        plain(shadeHex(look.base, 0.45), FINISHES.cloth),
      ),
      part(tube(neck, 0.02, { flat: 1.4 }), trim),
      part(tube(back, 0.018, { flat: 1.4 }), trim),
    ]
    return parts
  },
}

export const dress: Model = {
  lie: [-90, 0, 0],
  lift: 0.1,
  build(look) {
    const hem = 0.5 + (look.form % 3) * 0.1
    const sleeves = look.form % 2 === 0
    const arm: Point[] = sleeves
      ? [
          [0.3, 0.83],
          [0.46, 0.62],
          [0.37, 0.52],
          [0.25, 0.64],
        ]
      : [
          [0.2, 0.8],
          [0.19, 0.7],
          [0.25, 0.62],
        ]
    const body = line([
      [0, 0.68],
      [0.08, 0.7],
      [0.13, 0.86],
      ...arm,
      [0.245, 0.45],
      [0.2, 0.22],
      [0.26, 0.02],
      [hem * 0.8, -0.5],
      [hem, -0.85],
      [hem * 0.5, -0.91],
      [0, -0.93],
    ])
    const cloth = printed(look, FINISHES.cloth, 2.1)
    const skirt = (p: Vec): Vec => {
      const low = Math.max(0, 0.2 - p[1])
      return [
        p[0],
        p[1] + low * 0.025 * Math.sin(p[0] * 24),
        p[2] + low * 0.085 * Math.sin((p[0] / (0.22 + low * 0.4)) * 11 + look.form),
      ]
    }
    const parts = [
      part(deform(puff([body], { thick: 0.11, edge: 0.15, wrinkle: 0.03, grid: 110, seed: look.form }), skirt), cloth),
    ]
    const belt: Vec[] = [
      [-0.205, 0.22, 0],
      [-0.16, 0.2, 0.1],
      [0, 0.19, 0.13],
      [0.16, 0.2, 0.1],
      [0.205, 0.22, 0],
    ]
    parts.push(part(tube(belt, 0.03, { flat: 0.5 }), plain(look.accent, FINISHES.leather)))
    parts.push(
      part(
        tube(
          [
            [-0.13, 0.86, 0],
            [-0.07, 0.72, 0.07],
            [0, 0.68, 0.09],
            [0.07, 0.72, 0.07],
            [0.13, 0.86, 0],
          ],
          0.016,
        ),
        plain(shadeHex(look.base, 0.75), FINISHES.cloth),
      ),
    )
    if (look.form % 3 === 1)
      for (const y of [0.6, 0.5, 0.4, 0.3])
        parts.push(
          part(pose(ellipsoid(0.016, 0.016, 0.01), { move: [0, y, 0.12] }), material('#efe9dc', FINISHES.gloss)),
        )
    return parts
  },
}

export const towel: Model = {
  lie: [-70, 0, 15],
  facing: 25,
  build(look) {
    const terry = printed(look, FINISHES.terry, 1.8)
    const trim = plain(look.second, { ...FINISHES.cloth, weave: 140 })
    const rough = (p: Vec): Vec => [
      p[0] + 0.012 * noise(p[0] * 5, p[1] * 9, p[2] * 5),
      p[1] + 0.018 * noise(p[0] * 3, p[1] * 4, p[2] * 3),
      p[2] + 0.012 * noise(p[2] * 5, p[1] * 9, p[0] * 5),
    ]
    const layers = 3 + (look.form % 3)
    const parts = []
    for (let i = 0; i < layers; i += 1) {
      const y = i * 0.125
      const wide = 1.1 - (i % 2) * 0.03
      parts.push(
        part(deform(pose(roundBox(wide, 0.135, 0.74, 0.066), { move: [0, y, (i % 2) * 0.015] }), rough), terry),
      )
      parts.push(
        part(deform(pose(roundBox(0.07, 0.139, 0.75, 0.066), { move: [0.36, y, (i % 2) * 0.015] }), rough), trim),
      )
    }
    const y = layers * 0.125 + 0.1
    if (look.form % 2) {
      const roll = tube(
        [
          [-0.42, y, 0],
          [-0.2, y + 0.005, 0.01],
          [0.2, y, 0],
          [0.42, y, 0],
        ],
        0.17,
        { around: 28 },
      )
      parts.push(part(deform(roll, rough), plain(look.accent, FINISHES.terry)))
      for (const s of [-1, 1])
        for (const r of [0.05, 0.1, 0.14]) {
          const circle: Vec[] = [0, 1, 2, 3, 4, 5].map(k => [
            s * 0.425,
            y + r * Math.sin(k * 1.047),
            r * Math.cos(k * 1.047),
          ])
          parts.push(part(tube(circle, 0.014, { closed: true }), plain(shadeHex(look.accent, 0.7), FINISHES.terry)))
        }
    }
    return parts
  },
}

export const cushion: Model = {
  lie: [-70, 0, 12],
  build(look) {
    const round = look.form % 4 === 3
    const pinch = (a: number): Vec => {
      const [c, s] = [Math.cos(a), Math.sin(a)]
      const k = round ? 0.56 : 0.5 / Math.max(Math.abs(c), Math.abs(s)) ** 0.93 - 0.03 * Math.cos(a * 4) * -1
      return [c * k, s * k, 0]
    }
    const rim = Array.from({ length: 80 }, (_, i) => pinch((i / 80) * Math.PI * 2))
    const body = puff([rim.map((p): Point => [p[0], p[1]])], {
      thick: 0.2,
      edge: 0.46,
      wrinkle: 0.05,
      wrinkleScale: [5, 5],
      grid: 80,
      seed: look.form,
    })
    const parts = [part(body, printed(look, FINISHES.canvas, 1.9))]
    const trim = plain(look.form % 2 ? look.second : shadeHex(look.base, 0.7), FINISHES.cloth)
    parts.push(part(tube(rim, 0.014, { closed: true, steps: 160, around: 8 }), trim))
    if (look.form % 3 === 1 && !round)
      for (const [x, y] of [
        [0.5, 0.5],
        [-0.5, 0.5],
        [0.5, -0.5],
        [-0.5, -0.5],
      ] as const)
        parts.push(
          part(
            pose(ellipsoid(0.05, 0.05, 0.05), { move: [x * 1.03, y * 1.03, 0] }),
            plain(look.accent, FINISHES.plush),
          ),
        )
    if (round) parts.push(part(pose(ellipsoid(0.05, 0.05, 0.03), { move: [0, 0, 0.2] }), trim))
    return parts
  },
}
