/** Owns the shape of a candle in a glass. */
import { BLACK, FINISHES } from '../materials.ts'
import { pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, lathe, outline, puff, tube } from '../shapes.ts'

export const candle: Model = {
  lie: [0, 20, 84],
  build(look) {
    const tall = 0.7 + (look.form % 3) * 0.12
    const shift = tall * 0.45
    const label = outline(
      [
        [-0.2, -0.16],
        [0.2, -0.16],
        [0.2, 0.16],
        [-0.2, 0.16],
      ],
      60,
    )
    const parts = [
      part(
        lathe([
          [0, 0],
          [0.36, 0],
          [0.4, 0.03],
          [0.4, tall - 0.02],
          [0.395, tall],
        ]),
        printed(look, { shine: 0.09, rough: 0.1 }, 3),
      ),
      part(
        lathe([
          [0.395, tall],
          [0.38, tall + 0.012],
          [0.365, tall],
          [0.365, tall - 0.14],
        ]),
        plain('#e9e6df', { shine: 0.12, rough: 0.1 }),
      ),
      part(
        lathe(
          [
            [0.365, tall - 0.13],
            [0.2, tall - 0.145],
            [0, tall - 0.15],
          ],
          10,
        ),
        plain('#f3e6c8', { shine: 0.03, rough: 0.5, glow: 0.25 }),
      ),
      part(
        pose(puff([label], { thick: 0.004, grid: 40, bulge: x => Math.sqrt(0.41 * 0.41 - x * x) }), {
          move: [0, shift, 0],
        }),
        plain('#efe7d6', FINISHES.paper),
      ),
    ]
    const mark = outline(
      [
        [-0.09, -0.02],
        [0, 0.08],
        [0.09, -0.02],
        [0, -0.05],
      ],
      40,
    )
    const sign = puff([mark], { thick: 0.003, grid: 24, bulge: x => Math.sqrt(0.417 * 0.417 - x * x) })
    parts.push(part(pose(sign, { move: [0, shift + 0.02, 0] }), plain('#4a4038', FINISHES.paper)))
    parts.push(
      part(
        tube(
          [
            [0, tall - 0.16, 0],
            [0.005, tall - 0.05, 0],
            [0.015, tall - 0.02, 0],
          ],
          0.012,
        ),
        BLACK,
      ),
    )
    if (look.form % 2)
      parts.push(
        part(
          pose(ellipsoid(0.035, 0.09, 0.035), { move: [0.015, tall + 0.05, 0] }),
          plain('#ffc765', { glow: 3.2, rough: 1, shine: 0 }),
        ),
      )
    else
      parts.push(
        part(
          pose(
            lathe([
              [0, 0],
              [0.41, 0],
              [0.415, 0.03],
              [0.41, 0.07],
              [0, 0.07],
            ]),
            { turn: [0, 0, 62], move: [0.62, 0.36, 0.05] },
          ),
          plain('#b98a58', FINISHES.wood),
        ),
      )
    return parts
  },
}
