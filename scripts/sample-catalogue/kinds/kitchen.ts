/** Owns the shapes of kitchen goods: frying pan, knife and bowl. */
import { FINISHES, STEEL } from '../materials.ts'
import { pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, lathe, outline, puff, ring, roundBox, tube } from '../shapes.ts'

export const fryingPan: Model = {
  lie: [58, 0, 20],
  facing: -35,
  build(look) {
    const deep = 0.16 + (look.form % 3) * 0.06
    const grip = look.form % 2 ? plain('#9a6b42', FINISHES.wood) : plain(look.second, FINISHES.plastic)
    const parts = [
      part(
        lathe([
          [0, 0],
          [0.46, 0],
          [0.5, 0.02],
          [0.6, deep - 0.01],
          [0.62, deep],
        ]),
        printed(look, FINISHES.lacquer, 8),
      ),
      part(
        lathe([
          [0.62, deep],
          [0.615, deep + 0.012],
          [0.6, deep],
          [0.48, 0.04],
          [0.44, 0.03],
          [0, 0.03],
        ]),
        plain('#2d2e31', { shine: 0.05, rough: 0.3, bump: 0.05, bumpScale: 120 }),
      ),
      part(
        tube(
          [
            [0.57, deep - 0.05, 0],
            [0.7, deep + 0.02, 0],
            [0.84, deep + 0.06, 0],
          ],
          0.042,
          { flat: 0.5 },
        ),
        STEEL,
      ),
      part(
        tube(
          [
            [0.8, deep + 0.05, 0],
            [1.05, deep + 0.1, 0],
            [1.3, deep + 0.11, 0],
            [1.42, deep + 0.1, 0],
          ],
          t => 0.052 + 0.016 * Math.sin(t * 3),
          { flat: 0.6 },
        ),
        grip,
      ),
      part(pose(ring(0.03, 0.008), { move: [1.37, deep + 0.14, 0] }), STEEL),
    ]
    for (const z of [-0.05, 0.05])
      parts.push(part(pose(ellipsoid(0.02, 0.02, 0.02), { move: [0.555, deep - 0.04, z] }), STEEL))
    return parts
  },
}

export const kitchenKnife: Model = {
  lie: [-88, 0, 25],
  facing: 0,
  build(look) {
    const grip = printed(look, look.form % 2 ? FINISHES.wood : FINISHES.plastic, 4)
    const wide = 0.11 + (look.form % 4) * 0.03
    const blade = outline(
      [
        [-0.9, -wide * 0.2],
        [-0.8, wide * 0.55],
        [-0.5, wide * 0.85],
        [0, wide],
        [0.35, wide],
        [0.38, 0.02],
        [0.37, -wide * 0.85],
        [0.3, -wide],
        [-0.3, -wide * 0.92],
        [-0.65, -wide * 0.7],
      ],
      120,
    )
    const parts = [
      part(
        puff([blade], { thick: 0.012, edge: 0.1, grid: 110 }),
        plain('#d5d9dd', { ...FINISHES.steel, metal: 0.6, rough: 0.35, bump: 0.03, bumpScale: 8 }),
      ),
      part(pose(roundBox(0.07, 0.16, 0.06, 0.02), { move: [0.4, wide - 0.1, 0] }), STEEL),
      part(
        tube(
          [
            [0.41, wide - 0.1, 0],
            [0.6, wide - 0.12, 0],
            [0.8, wide - 0.1, 0],
            [0.97, wide - 0.13, 0],
            [1.02, wide - 0.17, 0],
          ],
          t => 0.075 - 0.014 * Math.sin(t * 6),
          { flat: 0.55 },
        ),
        grip,
      ),
    ]
    for (const x of [0.52, 0.68, 0.84])
      parts.push(part(pose(ellipsoid(0.018, 0.018, 0.05), { move: [x, wide - 0.11, 0] }), STEEL))
    return parts
  },
}

export const bowl: Model = {
  lie: [64, 0, 10],
  build(look) {
    const tall = 0.36 + (look.form % 3) * 0.08
    return [
      part(
        lathe(
          [
            [0, 0.02],
            [0.24, 0],
            [0.25, 0.06],
            [0.4, tall * 0.35],
            [0.52, tall * 0.75],
            [0.56, tall],
          ],
          24,
        ),
        printed(look, FINISHES.ceramic, 5),
      ),
      part(
        lathe([
          [0.56, tall],
          [0.545, tall + 0.014],
          [0.53, tall],
        ]),
        plain(look.accent, FINISHES.ceramic),
      ),
      part(
        lathe(
          [
            [0.53, tall],
            [0.48, tall * 0.72],
            [0.36, tall * 0.36],
            [0.2, 0.1],
            [0, 0.08],
          ],
          20,
        ),
        plain('#f2efe8', FINISHES.ceramic),
      ),
    ]
  },
}
