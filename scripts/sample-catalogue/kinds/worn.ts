/** Owns the shapes of small worn things: sunglasses and wristwatch. */
import { BRASS, FINISHES, GUNMETAL, STEEL } from '../materials.ts'
import { deform, pose, surface } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { lathe, outline, puff, ring, roundBox, tube } from '../shapes.ts'
import { type Point, shadeHex, type Vec } from '../vector.ts'

const LENSES: readonly (readonly Point[])[] = [
  [
    [0.09, 0.12],
    [0.3, 0.2],
    [0.56, 0.17],
    [0.62, 0.02],
    [0.5, -0.18],
    [0.3, -0.22],
    [0.14, -0.12],
  ],
  [
    [0.34, 0.2],
    [0.52, 0.12],
    [0.58, -0.02],
    [0.5, -0.17],
    [0.34, -0.22],
    [0.17, -0.16],
    [0.1, -0.02],
    [0.17, 0.13],
  ],
  [
    [0.08, 0.1],
    [0.2, 0.18],
    [0.45, 0.2],
    [0.68, 0.27],
    [0.64, 0.05],
    [0.52, -0.14],
    [0.3, -0.19],
    [0.13, -0.08],
  ],
]

export const sunglasses: Model = {
  lie: [-12, 30, 0],
  facing: 0,
  build(look) {
    const shape = LENSES[look.form % 3] ?? []
    const frame = printed(look, { ...FINISHES.plastic, rough: 0.15, shine: 0.06 }, 5)
    const glass = plain(look.form % 2 ? shadeHex(look.second, 0.45) : '#1b1a1c', { shine: 0.16, rough: 0.04 })
    const curveBack = (p: Vec): Vec => [p[0], p[1], p[2] - p[0] * p[0] * 0.16]
    const parts = [
      part(
        deform(
          tube(
            [
              [-0.12, 0.07, 0],
              [0, 0.1, 0.02],
              [0.12, 0.07, 0],
            ],
            0.026,
          ),
          curveBack,
        ),
        frame,
      ),
    ]
    for (const s of [-1, 1]) {
      const lens = outline(
        shape.map(([x, y]): Point => [s * x, y]),
        80,
      )
      const rim = lens.map((p): Vec => [p[0], p[1], 0])
      parts.push(
        part(
          deform(
            puff([lens], {
              thick: 0.008,
              edge: 0.02,
              grid: 40,
              bulge: (x, y) => 0.04 - ((Math.abs(x) - 0.34) ** 2 + y * y) * 0.5,
            }),
            curveBack,
          ),
          glass,
        ),
      )
      parts.push(
        part(
          deform(tube(rim, look.form % 3 === 1 ? 0.016 : 0.034, { closed: true, steps: 90 }), curveBack),
          look.form % 3 === 1 ? BRASS : frame,
        ),
      )
      parts.push(part(pose(roundBox(0.07, 0.08, 0.05, 0.02), { move: [s * 0.66, 0.13, -0.09] }), frame))
      parts.push(
        part(
          tube(
            [
              [s * 0.68, 0.13, -0.1],
              [s * 0.7, 0.12, -0.5],
              [s * 0.69, 0.1, -0.85],
              [s * 0.66, -0.02, -1.08],
              [s * 0.65, -0.12, -1.16],
            ],
            t => 0.03 + t * 0.012,
            { flat: 0.5 },
          ),
          frame,
        ),
      )
      parts.push(
        part(
          tube(
            [
              [s * 0.1, -0.02, 0],
              [s * 0.09, -0.1, -0.06],
              [s * 0.1, -0.14, -0.07],
            ],
            0.018,
          ),
          plain('#c9c4ba', FINISHES.plastic),
        ),
      )
    }
    return parts
  },
}

export const wristwatch: Model = {
  lie: [-88, 0, 25],
  facing: 0,
  build(look) {
    const metal = look.form % 3 === 2 ? BRASS : look.form % 3 === 1 ? GUNMETAL : STEEL
    const strap = printed(look, look.form % 2 ? FINISHES.leather : FINISHES.rubber, 3)
    const face = plain(look.form % 2 ? '#f0eee8' : look.second, { shine: 0.05, rough: 0.2 })
    const ink = plain(look.form % 2 ? '#2a2a2d' : '#f4f2ee', FINISHES.plastic)
    const flat = (mesh: ReturnType<typeof lathe>, z: number) => pose(mesh, { turn: [90, 0, 0], move: [0, 0, z] })
    const band = surface(
      60,
      10,
      (u, v) => {
        const angle = 0.42 + u * (Math.PI * 2 - 0.84)
        const wide = 0.19 - 0.05 * Math.sin(u * Math.PI)
        return [
          (v - 0.5) * 2 * wide,
          Math.sin(angle) * 0.52,
          Math.cos(angle) * 0.42 - 0.4 + 0.014 * Math.cos((v - 0.5) * 3),
        ]
      },
      (u, v) => [v * 0.4, u * 2],
    )
    const inner = deform(band, p => [p[0], p[1] * 0.95, (p[2] + 0.4) * 0.94 - 0.4])
    const parts = [
      part(band, strap),
      part(inner, plain(shadeHex(look.base, 0.6), FINISHES.leather)),
      part(
        flat(
          lathe([
            [0, -0.07],
            [0.29, -0.07],
            [0.33, -0.04],
            [0.33, 0.03],
            [0.31, 0.055],
            [0.275, 0.06],
            [0.27, 0.045],
          ]),
          0.02,
        ),
        metal,
      ),
      part(
        flat(
          lathe([
            [0.272, 0.046],
            [0.1, 0.047],
            [0, 0.047],
          ]),
          0.02,
        ),
        face,
      ),
      part(
        pose(
          lathe([
            [0, 0],
            [0.04, 0],
            [0.045, 0.02],
            [0.04, 0.06],
            [0, 0.06],
          ]),
          { turn: [0, 0, -90], move: [0.32, 0, 0.02] },
        ),
        metal,
      ),
    ]
    for (let i = 0; i < 12; i += 1) {
      const angle = (i * Math.PI) / 6
      const size: Vec = i % 3 ? [0.012, 0.035, 0.008] : [0.022, 0.06, 0.012]
      parts.push(
        part(
          pose(roundBox(size[0], size[1], size[2], 0.003), {
            turn: [0, 0, (-angle * 180) / Math.PI],
            move: [Math.sin(angle) * 0.225, Math.cos(angle) * 0.225, 0.07],
          }),
          ink,
        ),
      )
    }
    parts.push(part(pose(roundBox(0.022, 0.15, 0.01, 0.004), { turn: [0, 0, 52], move: [-0.052, 0.042, 0.08] }), ink))
    parts.push(part(pose(roundBox(0.016, 0.2, 0.01, 0.004), { turn: [0, 0, -58], move: [0.075, 0.048, 0.085] }), ink))
    parts.push(
      part(
        pose(roundBox(0.008, 0.22, 0.008, 0.003), { turn: [0, 0, 170], move: [-0.012, -0.06, 0.088] }),
        plain(look.accent, FINISHES.plastic),
      ),
    )
    if (look.form % 4 === 0)
      for (const x of [-0.1, 0.1])
        parts.push(part(pose(ring(0.055, 0.006), { turn: [90, 0, 0], move: [x, -0.06, 0.07] }), ink))
    return parts
  },
}
