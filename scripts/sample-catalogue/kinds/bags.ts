/** Owns the shapes of bags: backpack, handbag and suitcase. */
import { BLACK, BRASS, FINISHES, GUNMETAL, RUBBER, STEEL } from '../materials.ts'
import { deform, pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { noise } from '../random.ts'
import { lathe, ring, roundBox, tube } from '../shapes.ts'
import { shadeHex, type Vec } from '../vector.ts'

const soften = (p: Vec, amount: number): Vec => [
  p[0] + amount * noise(p[0] * 4, p[1] * 4, p[2] * 4),
  p[1],
  p[2] + amount * noise(p[0] * 4 + 9, p[1] * 4, p[2] * 4),
]

export const backpack: Model = {
  lie: [-82, 0, 0],
  build(look) {
    const cloth = printed(look, FINISHES.canvas, 2)
    const trim = plain(shadeHex(look.base, 0.55), FINISHES.canvas)
    const patch = plain(look.accent, FINISHES.leather)
    const shape = (p: Vec): Vec =>
      soften([p[0] * (1 - Math.max(0, p[1] - 0.3) * 0.28), p[1], p[2] * (1 - Math.max(0, p[1]) * 0.25)], 0.018)
    const body = deform(roundBox(0.82, 1.15, 0.4, 0.17), shape)
    const pocketHeight = look.form % 2 ? 0.5 : 0.42
    const pocket = deform(roundBox(0.66, pocketHeight, 0.22, 0.09), p => soften(p, 0.014))
    const front = -0.54 + pocketHeight / 2
    const arch: Vec[] = [
      [-0.4, -0.15, 0.1],
      [-0.39, 0.25, 0.11],
      [-0.25, 0.5, 0.09],
      [0, 0.555, 0.08],
      [0.25, 0.5, 0.09],
      [0.39, 0.25, 0.11],
      [0.4, -0.15, 0.1],
    ]
    const top = front + pocketHeight / 2
    const parts = [
      part(body, cloth),
      part(pose(pocket, { move: [0, front, 0.21] }), look.form % 3 === 2 ? trim : cloth),
      part(tube(arch, 0.012), GUNMETAL),
      part(
        tube(
          [
            [-0.3, top - 0.07, 0.315],
            [0, top - 0.05, 0.33],
            [0.3, top - 0.07, 0.315],
          ],
          0.009,
        ),
        GUNMETAL,
      ),
      part(
        tube(
          [
            [-0.1, 0.55, -0.1],
            [-0.09, 0.68, -0.1],
            [0, 0.72, -0.1],
            [0.09, 0.68, -0.1],
            [0.1, 0.55, -0.1],
          ],
          0.022,
        ),
        trim,
      ),
      part(pose(roundBox(0.16, 0.1, 0.02, 0.008), { move: [0, front + 0.04, 0.322] }), patch),
      part(pose(roundBox(0.022, 0.09, 0.02, 0.008), { move: [0.16, top - 0.1, 0.335] }), BLACK),
    ]
    for (const side of [-1, 1]) {
      parts.push(
        part(
          pose(
            deform(roundBox(0.16, 0.38, 0.24, 0.06), p => soften(p, 0.01)),
            { move: [side * 0.42, -0.34, 0.02] },
          ),
          trim,
        ),
      )
      parts.push(
        part(
          tube(
            [
              [side * 0.2, 0.5, -0.17],
              [side * 0.32, 0.45, -0.3],
              [side * 0.34, 0, -0.34],
              [side * 0.36, -0.45, -0.2],
            ],
            0.055,
            { flat: 0.4 },
          ),
          trim,
        ),
      )
    }
    if (look.form % 3 === 1) {
      parts.push(
        part(
          pose(
            deform(roundBox(0.72, 0.3, 0.42, 0.1), p => soften(p, 0.01)),
            { move: [0, 0.46, 0.03] },
          ),
          cloth,
        ),
      )
      for (const x of [-0.2, 0.2])
        parts.push(part(pose(roundBox(0.06, 0.42, 0.02, 0.008), { move: [x, 0.22, 0.25], turn: [-6, 0, 0] }), patch))
    }
    return parts
  },
}

export const handbag: Model = {
  lie: [-78, 0, 12],
  build(look) {
    const hide = printed(look, FINISHES.leather, 2.2)
    const edge = plain(shadeHex(look.base, 0.7), FINISHES.leather)
    const taper = (p: Vec): Vec =>
      soften([p[0] * (1.08 - 0.26 * (p[1] + 0.33)), p[1], p[2] * (1.1 - 0.9 * (p[1] + 0.33))], 0.01)
    const tall = 0.62 + (look.form % 3) * 0.09
    const handle = (z: number, lean: number): Vec[] => [
      [-0.26, tall / 2 - 0.12, z],
      [-0.24, tall / 2 + 0.12, z + lean],
      [-0.13, tall / 2 + 0.34, z + lean * 1.6],
      [0.13, tall / 2 + 0.34, z + lean * 1.6],
      [0.24, tall / 2 + 0.12, z + lean],
      [0.26, tall / 2 - 0.12, z],
    ]
    const parts = [
      part(deform(roundBox(1, tall, 0.36, 0.07), taper), hide),
      part(tube(handle(0.13, 0.02), 0.022), edge),
      part(tube(handle(-0.12, -0.04), 0.022), edge),
    ]
    for (const x of [-0.26, 0.26]) {
      parts.push(
        part(pose(roundBox(0.09, 0.16, 0.03, 0.012), { move: [x, tall / 2 - 0.16, 0.15], turn: [-12, 0, 0] }), edge),
      )
      parts.push(part(pose(ring(0.03, 0.009), { move: [x, tall / 2 - 0.09, 0.155], turn: [80, 0, 0] }), BRASS))
    }
    if (look.form % 2) {
      parts.push(
        part(
          pose(
            deform(roundBox(0.86, 0.3, 0.05, 0.02), p => [p[0] * (1 + p[1] * 0.5), p[1], p[2]]),
            { move: [0, tall / 2 - 0.15, 0.15], turn: [-14, 0, 0] },
          ),
          edge,
        ),
      )
    }
    parts.push(
      part(pose(roundBox(0.11, 0.075, 0.03, 0.012), { move: [0, tall / 2 - 0.24, 0.185], turn: [-12, 0, 0] }), BRASS),
    )
    return parts
  },
}

export const suitcase: Model = {
  lie: [-90, 0, 0],
  build(look) {
    const shell = printed(look, { ...FINISHES.plastic, rough: 0.25, shine: 0.05 }, 1.6)
    const ribs = (p: Vec): Vec => [
      p[0],
      p[1],
      p[2] + Math.sign(p[2]) * (Math.abs(p[0]) < 0.32 && Math.abs(p[1]) < 0.5 ? 0.012 : 0),
    ]
    const parts = [
      part(deform(roundBox(0.84, 1.2, 0.4, 0.12), ribs), shell),
      part(pose(roundBox(0.855, 1.215, 0.03, 0.014), {}), plain('#55585e', FINISHES.steel)),
    ]
    const rib = plain(look.base, { ...FINISHES.plastic, rough: 0.25 })
    for (const x of [-0.28, -0.14, 0, 0.14, 0.28]) {
      const run = look.form % 2 ? 0.5 : 0.42
      parts.push(
        part(
          pose(
            tube(
              [
                [x, -run, 0.205],
                [x, 0, 0.212],
                [x, run, 0.205],
              ],
              0.022,
            ),
            {},
          ),
          rib,
        ),
      )
    }
    for (const x of [-0.2, 0.2])
      parts.push(
        part(
          tube(
            [
              [x, 0.55, -0.12],
              [x, 0.8, -0.12],
              [x, 1.02, -0.12],
            ],
            0.018,
          ),
          STEEL,
        ),
      )
    parts.push(part(pose(roundBox(0.48, 0.07, 0.07, 0.03), { move: [0, 1.03, -0.12] }), BLACK))
    parts.push(
      part(
        tube(
          [
            [-0.14, 0.6, 0],
            [-0.12, 0.68, 0],
            [0.12, 0.68, 0],
            [0.14, 0.6, 0],
          ],
          0.024,
        ),
        BLACK,
      ),
    )
    parts.push(part(pose(roundBox(0.05, 0.16, 0.05, 0.015), { move: [0.43, 0.1, 0.02] }), GUNMETAL))
    for (const [x, z] of [
      [-0.32, 0.12],
      [0.32, 0.12],
      [-0.32, -0.12],
      [0.32, -0.12],
    ] as const) {
      parts.push(
        part(
          pose(
            lathe([
              [0, -0.03],
              [0.055, -0.03],
              [0.065, 0],
              [0.055, 0.03],
              [0, 0.03],
            ]),
            { move: [x, -0.67, z], turn: [0, 0, 90] },
          ),
          RUBBER,
        ),
      )
      parts.push(part(pose(roundBox(0.09, 0.08, 0.09, 0.02), { move: [x, -0.61, z] }), BLACK))
    }
    return parts
  },
}
