/** Owns the shapes of toys: plush bear and toy car. */
import { BLACK, FINISHES, RUBBER, STEEL } from '../materials.ts'
import { deform, type Mesh, pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, lathe, puff, ring, roundBox } from '../shapes.ts'
import { shadeHex, type Vec } from '../vector.ts'

const ball = (rx: number, ry: number, rz: number, move: Vec, turn: Vec = [0, 0, 0]): Mesh =>
  pose(ellipsoid(rx, ry, rz), { turn, move })

export const plushBear: Model = {
  lie: [-80, 0, 10],
  build(look) {
    const fur = printed(look, FINISHES.plush, 1.4)
    const pale = plain(shadeHex(look.base, 1.55), FINISHES.plush)
    const bow = plain(look.accent, FINISHES.cloth)
    const eye = plain('#17120f', FINISHES.gloss)
    const head = 0.34 + (look.form % 3) * 0.03
    const parts = [
      part(ball(0.34, 0.38, 0.28, [0, 0.36, 0]), fur),
      part(ball(0.22, 0.25, 0.1, [0, 0.35, 0.22]), pale),
      part(ball(head, head * 0.9, head * 0.85, [0, 0.95, 0.04]), fur),
      part(ball(0.15, 0.11, 0.12, [0, 0.87, 0.31]), pale),
      part(ball(0.05, 0.035, 0.03, [0, 0.92, 0.42]), eye),
    ]
    for (const s of [-1, 1]) {
      parts.push(
        part(ball(0.12, 0.12, 0.07, [s * head * 0.78, 0.95 + head * 0.75, 0]), fur),
        part(ball(0.075, 0.075, 0.04, [s * head * 0.78, 0.94 + head * 0.75, 0.05]), pale),
        part(ball(0.036, 0.042, 0.025, [s * 0.125, 1.01, 0.31]), eye),
        part(ball(0.11, 0.25, 0.11, [s * 0.37, 0.45, 0.1], [-35, 0, s * 28]), fur),
        part(ball(0.14, 0.14, 0.26, [s * 0.24, 0.1, 0.3], [0, s * 18, 0]), fur),
        part(ball(0.095, 0.1, 0.03, [s * 0.31, 0.11, 0.54], [0, s * 18, 0]), pale),
        part(ball(0.12, 0.075, 0.05, [s * 0.11, 0.68, 0.26], [0, 0, s * 16]), bow),
      )
    }
    parts.push(part(ball(0.045, 0.05, 0.05, [0, 0.68, 0.29]), bow))
    return parts
  },
}

export const toyCar: Model = {
  lie: [0, 40, 0],
  facing: 50,
  build(look) {
    const coat = printed(look, { ...FINISHES.lacquer, bump: 0 }, 1.6)
    const glass = plain('#20282f', { shine: 0.08, rough: 0.06 })
    const tall = 0.24 + (look.form % 3) * 0.05
    const cabin = (grow: number): Mesh =>
      deform(roundBox(0.72 + grow, tall + grow, 0.46 + grow, 0.06), p => [
        p[0] * (1 - (p[1] + tall / 2) * 0.7) - 0.06,
        p[1] + 0.42 + tall / 2 - 0.03,
        p[2] * (1 - (p[1] + tall / 2) * 0.35),
      ])
    const parts = [
      part(
        deform(roundBox(1.35, 0.28, 0.6, 0.1), p => [
          p[0],
          p[1] + 0.29 - Math.max(0, p[0] - 0.3) * 0.1,
          p[2] * (1 - Math.abs(p[0]) * 0.1),
        ]),
        coat,
      ),
      part(cabin(0), glass),
      part(
        deform(roundBox(0.5, 0.045, 0.4, 0.02), p => [p[0] * 0.9 - 0.06, p[1] + 0.39 + tall, p[2] * 0.95]),
        coat,
      ),
    ]
    for (const x of [-0.42, 0.42]) {
      for (const z of [-0.29, 0.29]) {
        const out = Math.sign(z)
        parts.push(
          part(
            pose(
              lathe([
                [0, -0.07],
                [0.15, -0.07],
                [0.17, -0.045],
                [0.17, 0.045],
                [0.15, 0.07],
                [0, 0.07],
              ]),
              { turn: [90, 0, 0], move: [x, 0.17, z] },
            ),
            RUBBER,
          ),
        )
        parts.push(
          part(
            pose(
              lathe([
                [0, 0.03],
                [0.05, 0.03],
                [0.06, 0.01],
                [0.1, 0.012],
                [0.11, 0],
              ]),
              { turn: [out * 90, 0, 0], move: [x, 0.17, z + out * 0.072] },
            ),
            STEEL,
          ),
        )
      }
    }
    for (const z of [-0.2, 0.2]) {
      parts.push(part(ball(0.03, 0.05, 0.06, [0.65, 0.31, z]), plain('#fff6d8', FINISHES.gloss)))
      parts.push(part(ball(0.02, 0.035, 0.07, [-0.67, 0.33, z]), plain('#a3151b', FINISHES.gloss)))
    }
    parts.push(
      part(pose(roundBox(0.05, 0.08, 0.5, 0.02), { move: [0.67, 0.2, 0] }), BLACK),
      part(pose(roundBox(0.05, 0.08, 0.5, 0.02), { move: [-0.67, 0.2, 0] }), BLACK),
    )
    if (look.form % 2) {
      const plate = puff(
        [
          [
            [-0.09, -0.09],
            [0.09, -0.09],
            [0.09, 0.09],
            [-0.09, 0.09],
          ],
        ],
        { thick: 0.006, grid: 12 },
      )
      for (const s of [-1, 1])
        parts.push(
          part(
            pose(plate, { turn: [0, s > 0 ? 0 : 180, 0], move: [0, 0.3, s * 0.3] }),
            plain('#f4f1e8', FINISHES.gloss),
          ),
        )
      parts.push(part(pose(ring(0.05, 0.012), { turn: [90, 0, 0], move: [0, 0.3, 0.307] }), BLACK))
    }
    return parts
  },
}
