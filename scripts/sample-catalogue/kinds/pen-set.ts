/** Owns the shape of a set of pens, loose, in a fan or in a cup. */
import { FINISHES, STEEL } from '../materials.ts'
import { deform, type Part, pose, poseAll } from '../mesh.ts'
import { type Look, type Model, part, plain, printed } from '../model.ts'
import { lathe, roundBox, tube } from '../shapes.ts'
import { shadeHex } from '../vector.ts'

function pen(look: Look, hex: string, capped: boolean): Part[] {
  const finish = { ...FINISHES.plastic, rough: 0.15, shine: 0.06 }
  const body = hex === look.base ? printed(look, finish, 2) : plain(hex, finish)
  const grip = look.form % 2 ? printed(look, FINISHES.plastic, 1) : plain(shadeHex(hex, 0.6), FINISHES.rubber)
  return [
    part(
      lathe([
        [0, -0.7],
        [0.012, -0.69],
        [0.018, -0.64],
        [0.045, -0.54],
      ]),
      STEEL,
    ),
    part(
      lathe([
        [0.045, -0.54],
        [0.052, -0.5],
        [0.052, -0.2],
      ]),
      grip,
    ),
    part(
      lathe([
        [0.052, -0.2],
        [0.054, -0.19],
        [0.054, 0.5],
        [0.048, 0.56],
      ]),
      body,
    ),
    part(
      lathe([
        [0.055, 0.02],
        [0.057, 0.03],
        [0.057, 0.06],
        [0.055, 0.07],
      ]),
      STEEL,
    ),
    part(
      lathe([
        [0.03, 0.56],
        [0.03, 0.68],
        [0.022, 0.7],
        [0, 0.7],
      ]),
      capped ? body : STEEL,
    ),
    part(
      tube(
        [
          [0.05, 0.54, 0],
          [0.085, 0.53, 0],
          [0.085, 0.3, 0],
          [0.07, 0.18, 0],
        ],
        0.014,
        { flat: 1.7 },
      ),
      STEEL,
    ),
  ]
}

export const penSet: Model = {
  lie: [-90, 0, 35],
  build(look) {
    const hexes = [look.base, look.second, look.accent, look.base, shadeHex(look.base, 0.6)]
    const parts: Part[] = []
    if (look.form % 3 === 1) {
      const cup = [
        part(
          lathe([
            [0, 0],
            [0.28, 0],
            [0.3, 0.02],
            [0.3, 0.72],
            [0.29, 0.735],
            [0.275, 0.72],
            [0.275, 0.05],
            [0, 0.05],
          ]),
          printed(look, FINISHES.plastic, 3),
        ),
      ]
      hexes.forEach((hex, i) => {
        const angle = i * 1.256
        parts.push(
          ...poseAll(pen(look, hex, true), {
            turn: [Math.cos(angle) * 9, 0, -Math.sin(angle) * 9],
            move: [Math.sin(angle) * 0.16, 0.78, Math.cos(angle) * 0.16],
          }),
        )
      })
      return [...cup, ...parts]
    }
    hexes.forEach((hex, i) => {
      const spread = look.form % 3 === 2 ? (i - 2) * 7 : 0
      parts.push(
        ...poseAll(pen(look, hex, i % 2 === 0), { turn: [-90, 0, 0], move: [0, 0.06, 0] }).map(p => ({
          ...p,
          mesh: pose(p.mesh, { turn: [0, spread, 0], move: [(i - 2) * 0.17, 0, spread ? Math.abs(i - 2) * 0.04 : 0] }),
        })),
      )
    })
    if (look.form % 3 === 0)
      parts.push(
        part(
          deform(roundBox(1, 0.04, 1.6, 0.02), p => [p[0], p[1] - 0.02, p[2]]),
          plain('#e6dfd2', FINISHES.paper),
        ),
      )
    return parts
  },
}
