/** Owns the shapes of desk goods: lamp and notebook. */
import { BLACK, BRASS, FINISHES, GUNMETAL, STEEL } from '../materials.ts'
import { pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, lathe, ring, roundBox, tube } from '../shapes.ts'
import { shadeHex, type Vec } from '../vector.ts'

export const deskLamp: Model = {
  lie: [-80, 0, 20],
  facing: -20,
  build(look) {
    const coat = printed(look, FINISHES.lacquer, 4)
    const arm =
      look.form % 3 === 1
        ? BRASS
        : look.form % 3 === 2
          ? plain('#a5764a', FINISHES.wood)
          : plain(shadeHex(look.base, 0.8), FINISHES.lacquer)
    const elbow: Vec = [-0.34, 0.66, 0]
    const neck: Vec = [0.18, 1.12 + (look.form % 2) * 0.12, 0]
    const shade = lathe([
      [0.05, 0.26],
      [0.09, 0.24],
      [0.13, 0.16],
      [0.24, 0.02],
      [0.29, -0.08],
      [0.3, -0.1],
      [0.285, -0.1],
      [0.22, 0.02],
      [0.1, 0.15],
    ])
    const tilt: Vec = [0, 0, 38]
    const parts = [
      part(
        lathe([
          [0, 0],
          [0.32, 0],
          [0.34, 0.02],
          [0.33, 0.05],
          [0.2, 0.07],
          [0.05, 0.09],
          [0, 0.09],
        ]),
        coat,
      ),
      part(tube([[0, 0.06, 0], elbow], 0.024, { sharp: true }), arm),
      part(tube([elbow, neck], 0.022, { sharp: true }), arm),
      part(pose(ellipsoid(0.05, 0.05, 0.05), { move: elbow }), GUNMETAL),
      part(pose(ellipsoid(0.045, 0.045, 0.045), { move: neck }), GUNMETAL),
      part(pose(shade, { turn: tilt, move: [neck[0] + 0.15, neck[1] - 0.16, 0] }), coat),
      part(
        pose(ellipsoid(0.1, 0.12, 0.1), { turn: tilt, move: [neck[0] + 0.17, neck[1] - 0.18, 0] }),
        plain('#fff0c8', { glow: 2.2, rough: 1, shine: 0 }),
      ),
      part(
        pose(
          lathe([
            [0, 0],
            [0.03, 0],
            [0.03, 0.02],
            [0, 0.025],
          ]),
          { move: [0.17, 0.07, 0.12] },
        ),
        BLACK,
      ),
    ]
    for (const z of [-0.03, 0.03])
      parts.push(
        part(
          tube(
            [
              [elbow[0] + 0.05, elbow[1] - 0.16, z],
              [elbow[0] + 0.14, elbow[1] + 0.1, z],
            ],
            0.008,
            { sharp: true },
          ),
          STEEL,
        ),
      )
    return parts
  },
}

export const notebook: Model = {
  lie: [-90, 0, 14],
  facing: 18,
  build(look) {
    const cover = printed(look, look.form % 2 ? FINISHES.leather : FINISHES.paper, 1.5)
    const paper = plain('#f1ecdf', { ...FINISHES.paper, bump: 0.2, bumpScale: 5 })
    const thick = 0.1 + (look.form % 3) * 0.04
    const parts = [
      part(pose(roundBox(0.8, 1.12, 0.022, 0.01), { move: [0, 0, thick / 2] }), cover),
      part(pose(roundBox(0.8, 1.12, 0.022, 0.01), { move: [0, 0, -thick / 2] }), cover),
      part(pose(roundBox(0.76, 1.08, thick - 0.02, 0.005), { move: [0.005, 0, 0] }), paper),
    ]
    if (look.form % 3 === 0) {
      for (let i = 0; i < 15; i += 1) {
        const y = -0.49 + i * 0.07
        parts.push(part(pose(ring(thick / 2 + 0.035, 0.009), { size: [1, 1, 1], move: [-0.4, y, 0] }), GUNMETAL))
      }
    } else {
      parts.push(part(pose(roundBox(0.03, 1.12, thick + 0.02, 0.014), { move: [-0.4, 0, 0] }), cover))
      parts.push(
        part(
          pose(roundBox(0.025, 1.126, thick + 0.032, 0.006), { move: [0.3, 0, 0] }),
          plain(look.accent, FINISHES.cloth),
        ),
      )
    }
    if (look.form % 2)
      parts.push(
        part(
          pose(roundBox(0.34, 0.16, 0.01, 0.004), { move: [-0.02, 0.24, thick / 2 + 0.01] }),
          plain('#efe6d2', FINISHES.paper),
        ),
      )
    return parts
  },
}
