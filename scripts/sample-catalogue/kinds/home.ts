/** Owns the shape of a chair. */
import { BLACK, FINISHES, STEEL } from '../materials.ts'
import { deform, type Part, pose, surface } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { roundBox, tube } from '../shapes.ts'
import { shadeHex, smooth } from '../vector.ts'

export const chair: Model = {
  lie: [-90, 0, 0],
  facing: 30,
  build(look) {
    const wood = plain(look.form % 2 ? '#b98a58' : '#4f3323', FINISHES.wood)
    const legs = look.form % 3 === 2 ? BLACK : wood
    const cloth = printed(look, look.form % 2 ? FINISHES.canvas : FINISHES.plastic, 2)
    const shell = (lift: number): Part['mesh'] =>
      surface(
        36,
        30,
        (u, v) => {
          const x = (u - 0.5) * 2
          const back = smooth(0.45, 0.62, v)
          const wide = 0.36 - 0.05 * smooth(0.75, 1, v) - 0.04 * smooth(0.12, 0, v)
          const y =
            0.62 + back * Math.max(0, v - 0.5) * 1.5 + 0.09 * x * x * (1 - back * 0.4) - 0.05 * smooth(0.12, 0, v)
          const z = 0.34 - Math.min(v, 0.56) * 1.15 - Math.max(0, v - 0.56) * 0.28 + back * 0.12 * x * x
          return [x * wide * (1 - 0.1 * smooth(0.85, 1, v) * x * x), y + lift * (1 - back), z + lift * back]
        },
        (u, v) => [u * 0.7, v * 1.5],
      )
    const parts: Part[] = []
    if (look.form % 3 === 1) {
      parts.push(part(pose(roundBox(0.72, 0.1, 0.68, 0.045), { move: [0, 0.64, 0] }), cloth))
      parts.push(
        part(
          pose(
            deform(roundBox(0.7, 0.46, 0.07, 0.034), p => [p[0], p[1], p[2] - 0.08 * (1 - (p[0] / 0.36) ** 2)]),
            { turn: [-10, 0, 0], move: [0, 1.18, -0.33] },
          ),
          cloth,
        ),
      )
      for (const x of [-0.28, 0.28])
        parts.push(
          part(
            tube(
              [
                [x, 0.6, -0.28],
                [x, 0.9, -0.34],
                [x, 1.34, -0.42],
              ],
              0.028,
            ),
            wood,
          ),
        )
    } else {
      parts.push(part(shell(0), cloth), part(shell(-0.025), plain(shadeHex(look.base, 0.8), FINISHES.plastic)))
    }
    for (const x of [-1, 1]) {
      for (const z of [-1, 1])
        parts.push(
          part(
            tube(
              [
                [x * 0.22, 0.62, z * 0.22 - 0.02],
                [x * 0.31, 0.3, z * 0.29 - 0.02],
                [x * 0.37, 0, z * 0.34 - 0.02],
              ],
              t => 0.036 - t * 0.014,
            ),
            legs,
          ),
        )
      parts.push(
        part(
          tube(
            [
              [x * 0.3, 0.34, -0.3],
              [x * 0.3, 0.34, 0.27],
            ],
            0.014,
            { sharp: true },
          ),
          look.form % 3 === 2 ? STEEL : legs,
        ),
      )
    }
    parts.push(
      part(
        tube(
          [
            [-0.3, 0.34, 0],
            [0.3, 0.34, 0],
          ],
          0.014,
          { sharp: true },
        ),
        look.form % 3 === 2 ? STEEL : legs,
      ),
    )
    return parts
  },
}
