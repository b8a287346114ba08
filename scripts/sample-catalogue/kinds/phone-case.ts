/** Owns the shape of a phone case. */
import { BLACK, FINISHES, GUNMETAL, WHITE } from '../materials.ts'
import { pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, ring, roundBox } from '../shapes.ts'
import { shadeHex } from '../vector.ts'

export const phoneCase: Model = {
  lie: [-90, 0, -14],
  facing: 20,
  lift: 0.02,
  build(look) {
    const shell = printed(
      look,
      look.form % 3 === 1 ? FINISHES.leather : { ...FINISHES.plastic, rough: 0.2, shine: 0.055 },
      2.6,
    )
    const parts = [
      part(roundBox(0.62, 1.26, 0.085, 0.04), shell),
      part(pose(roundBox(0.585, 1.22, 0.02, 0.01), { move: [0, 0, -0.042] }), plain('#111216', FINISHES.gloss)),
      part(
        pose(roundBox(0.28, 0.3, 0.04, 0.02), { move: [-0.135, 0.44, 0.045] }),
        look.form % 2 ? plain(shadeHex(look.base, 0.8), FINISHES.plastic) : BLACK,
      ),
      part(pose(roundBox(0.012, 0.16, 0.035, 0.006), { move: [0.313, 0.22, 0] }), WHITE),
    ]
    for (const [x, y] of [
      [-0.2, 0.51],
      [-0.2, 0.37],
      [-0.07, 0.44],
    ] as const) {
      parts.push(part(pose(ring(0.05, 0.011), { turn: [90, 0, 0], move: [x, y, 0.066] }), GUNMETAL))
      parts.push(
        part(
          pose(ellipsoid(0.042, 0.042, 0.012), { move: [x, y, 0.066] }),
          plain('#15161c', { shine: 0.12, rough: 0.05 }),
        ),
      )
    }
    if (look.form % 4 === 2) {
      parts.push(
        part(
          pose(ring(0.15, 0.018), { turn: [90, 0, 0], move: [0, -0.12, 0.045] }),
          plain(look.accent, FINISHES.steel),
        ),
      )
    }
    return parts
  },
}
