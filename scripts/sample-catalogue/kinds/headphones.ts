/** Owns the shape of headphones. */
import { BLACK, FINISHES, STEEL } from '../materials.ts'
import { deform, pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, lathe, ring, tube } from '../shapes.ts'
import { shadeHex, type Vec } from '../vector.ts'

export const headphones: Model = {
  lie: [-80, 0, 10],
  facing: 30,
  build(look) {
    const shell = printed(look, { ...FINISHES.plastic, rough: 0.25 }, 2)
    const pad = plain(look.form % 2 ? '#26252a' : shadeHex(look.base, 0.6), FINISHES.leather)
    const wide = 0.5
    const arc = Array.from({ length: 13 }, (_, i): Vec => {
      const angle = (i / 12) * Math.PI
      return [Math.cos(angle) * wide, 0.32 + Math.sin(angle) * 0.55, 0]
    })
    const parts = [
      part(tube(arc, 0.075, { flat: 0.32, steps: 48 }), shell),
      part(
        deform(tube(arc.slice(2, 11), 0.08, { flat: 0.4, steps: 40 }), p => [
          p[0] * 0.93,
          (p[1] - 0.32) * 0.94 + 0.32,
          p[2],
        ]),
        pad,
      ),
    ]
    const size = 0.27 + (look.form % 3) * 0.03
    for (const s of [-1, 1]) {
      const cup = (mesh: ReturnType<typeof lathe>, x: number) =>
        pose(mesh, { size: [1, 1, 1.18], turn: [0, 0, s * -90], move: [s * x, 0, 0] })
      parts.push(
        part(
          cup(
            lathe(
              [
                [size, -0.06],
                [size + 0.01, 0],
                [size * 0.94, 0.07],
                [size * 0.6, 0.11],
                [0, 0.12],
              ],
              24,
            ),
            wide - 0.02,
          ),
          shell,
        ),
      )
      parts.push(
        part(
          cup(
            lathe([
              [size * 0.5, 0.118],
              [size * 0.55, 0.128],
              [size * 0.6, 0.115],
            ]),
            wide - 0.01,
          ),
          STEEL,
        ),
      )
      parts.push(
        part(
          pose(ring(size * 0.72, 0.085, 0.9), {
            size: [1, 1, 1.18],
            turn: [0, 0, 90],
            move: [s * (wide - 0.13), 0, 0],
          }),
          pad,
        ),
      )
      parts.push(part(pose(ellipsoid(0.03, size * 0.6, size * 0.6), { move: [s * (wide - 0.1), 0, 0] }), BLACK))
      parts.push(
        part(
          tube(
            [
              [s * wide, 0.4, 0],
              [s * (wide + 0.035), 0.3, 0],
              [s * (wide + 0.03), 0.14, 0],
            ],
            0.035,
            { flat: 0.5 },
          ),
          look.form % 2 ? STEEL : plain(look.accent, FINISHES.plastic),
        ),
      )
    }
    return parts
  },
}
