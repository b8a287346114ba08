/** Owns the shape of a bicycle. */
import { BLACK, FINISHES, GUNMETAL, RUBBER, STEEL } from '../materials.ts'
import { deform, type Part, pose } from '../mesh.ts'
import { type Model, part, plain } from '../model.ts'
import { lathe, ring, roundBox, tube } from '../shapes.ts'
import type { Vec } from '../vector.ts'

const bar = (a: Vec, b: Vec, r: number): Part['mesh'] => tube([a, b], r, { sharp: true, around: 12 })

export const bicycle: Model = {
  lie: [-84, 0, 5],
  facing: 12,
  build(look) {
    const coat = plain(look.base, { ...FINISHES.lacquer, rough: 0.12 })
    const saddle = plain(look.form % 2 ? '#6b4226' : '#1f1f22', FINISHES.leather)
    const r = look.form % 3 === 2 ? 0.3 : 0.4
    const [rear, front]: [Vec, Vec] = [
      [-0.62, r, 0],
      [0.62, r, 0],
    ]
    const [crank, seat, head]: [Vec, Vec, Vec] = [
      [-0.1, r - 0.06, 0],
      [-0.26, 0.86, 0],
      [0.4, 0.88, 0],
    ]
    const parts: Part[] = []
    for (const hub of [rear, front]) {
      parts.push(
        part(
          pose(ring(r, 0.034), { turn: [90, 0, 0], move: hub }),
          look.form % 4 === 3 ? plain('#d8c7a4', FINISHES.rubber) : RUBBER,
        ),
      )
      parts.push(part(pose(ring(r - 0.04, 0.014), { turn: [90, 0, 0], move: hub }), STEEL))
      parts.push(
        part(
          pose(
            lathe([
              [0, -0.05],
              [0.03, -0.05],
              [0.03, 0.05],
              [0, 0.05],
            ]),
            { turn: [90, 0, 0], move: hub },
          ),
          GUNMETAL,
        ),
      )
      for (let i = 0; i < 18; i += 1) {
        const angle = (i / 18) * Math.PI * 2
        const side = i % 2 ? 0.02 : -0.02
        parts.push(
          part(
            tube(
              [
                [hub[0], hub[1], side],
                [hub[0] + Math.cos(angle) * (r - 0.04), hub[1] + Math.sin(angle) * (r - 0.04), 0],
              ],
              0.0055,
              { sharp: true, around: 5 },
            ),
            STEEL,
          ),
        )
      }
      const guard = Array.from({ length: 7 }, (_, i): Vec => {
        const angle = 0.5 + i * 0.32
        return [hub[0] + Math.cos(angle) * (r + 0.06), hub[1] + Math.sin(angle) * (r + 0.06), 0]
      })
      if (look.form % 2) parts.push(part(tube(guard, 0.035, { flat: 0.35 }), coat))
    }
    const step = look.form % 3 === 1
    const top: Vec = [seat[0] + 0.04, seat[1] - (step ? 0.3 : 0.08), 0]
    parts.push(
      part(bar(top, [head[0], head[1] - 0.04, 0], 0.027), coat),
      part(bar(crank, [head[0] + 0.03, head[1] - 0.12, 0], 0.031), coat),
      part(bar(crank, seat, 0.027), coat),
    )
    for (const z of [-0.045, 0.045]) {
      parts.push(
        part(bar([rear[0], rear[1], z], [crank[0], crank[1], z * 0.5], 0.016), coat),
        part(bar([rear[0], rear[1], z], [top[0], top[1], z * 0.4], 0.015), coat),
      )
      parts.push(
        part(
          tube(
            [
              [front[0], front[1], z],
              [front[0] - 0.07, front[1] + 0.2, z],
              [head[0] + 0.06, head[1] - 0.2, 0],
            ],
            0.018,
          ),
          coat,
        ),
      )
    }
    parts.push(part(bar([head[0] + 0.06, head[1] - 0.22, 0], [head[0] - 0.03, head[1] + 0.12, 0], 0.03), coat))
    const grip: Vec[] =
      look.form % 2
        ? [
            [0.22, 1.06, -0.3],
            [0.36, 1.08, -0.22],
            [0.38, 1.02, 0],
            [0.36, 1.08, 0.22],
            [0.22, 1.06, 0.3],
          ]
        : [
            [0.32, 1.04, -0.34],
            [0.38, 1.02, -0.1],
            [0.38, 1.02, 0.1],
            [0.32, 1.04, 0.34],
          ]
    parts.push(part(tube(grip, 0.018), STEEL))
    for (const s of [-1, 1])
      parts.push(
        part(
          bar([look.form % 2 ? 0.27 : 0.335, 1.055, s * 0.26], [look.form % 2 ? 0.21 : 0.31, 1.05, s * 0.38], 0.028),
          saddle,
        ),
      )
    parts.push(part(bar(seat, [seat[0] - 0.03, seat[1] + 0.12, 0], 0.018), STEEL))
    parts.push(
      part(
        pose(
          deform(roundBox(0.32, 0.06, 0.17, 0.03), p => [p[0], p[1], p[2] * (0.75 - p[0] * 1.7)]),
          { move: [seat[0] - 0.02, seat[1] + 0.15, 0] },
        ),
        saddle,
      ),
    )
    parts.push(part(pose(ring(0.11, 0.014), { turn: [90, 0, 0], move: [crank[0], crank[1], 0.05] }), GUNMETAL))
    parts.push(
      part(bar([crank[0] - 0.1, crank[1] - 0.12, 0.07], [crank[0] + 0.1, crank[1] + 0.12, 0.07], 0.015), STEEL),
    )
    for (const s of [-1, 1])
      parts.push(
        part(
          pose(roundBox(0.11, 0.025, 0.1, 0.01), { move: [crank[0] + s * 0.1, crank[1] + s * 0.12, s * 0.1] }),
          BLACK,
        ),
      )
    for (const y of [0.1, -0.1])
      parts.push(part(bar([rear[0], rear[1] + y * 0.4, 0.05], [crank[0], crank[1] + y, 0.05], 0.008), GUNMETAL))
    if (step) {
      const basket = lathe([
        [0.1, 0],
        [0.15, 0.02],
        [0.19, 0.24],
        [0.2, 0.25],
        [0.185, 0.24],
        [0.14, 0.03],
        [0, 0.02],
      ])
      parts.push(part(pose(basket, { move: [0.62, 0.88, 0] }), plain('#b98f5a', FINISHES.straw)))
    }
    return parts
  },
}
