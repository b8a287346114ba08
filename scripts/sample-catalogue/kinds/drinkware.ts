/** Owns the shapes of cups and pots: thermos cup, mug and teapot. */
import { BLACK, FINISHES, STEEL } from '../materials.ts'
import { pose } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { ellipsoid, lathe, ring, tube } from '../shapes.ts'
import { shadeHex } from '../vector.ts'

export const thermosCup: Model = {
  lie: [0, 35, 90],
  build(look) {
    const body = printed(look, FINISHES.lacquer, 3)
    const lid = look.form % 3 === 1 ? STEEL : plain(shadeHex(look.base, 0.7), FINISHES.plastic)
    const parts = [
      part(
        lathe([
          [0, 0],
          [0.2, 0],
          [0.215, 0.02],
          [0.215, 0.05],
        ]),
        STEEL,
      ),
      part(
        lathe([
          [0.213, 0.05],
          [0.22, 0.07],
          [0.22, 0.86],
          [0.212, 0.92],
          [0.18, 0.98],
          [0.175, 1],
        ]),
        body,
      ),
      part(
        lathe([
          [0.176, 1],
          [0.18, 1.01],
          [0.18, 1.04],
          [0.176, 1.05],
        ]),
        STEEL,
      ),
    ]
    if (look.form % 3 === 0) {
      parts.push(
        part(
          lathe([
            [0.186, 1.05],
            [0.19, 1.06],
            [0.19, 1.22],
            [0.175, 1.25],
            [0, 1.255],
          ]),
          lid,
        ),
      )
      parts.push(
        part(
          tube(
            [
              [-0.12, 1.24, 0],
              [-0.13, 1.36, 0],
              [0, 1.42, 0],
              [0.13, 1.36, 0],
              [0.12, 1.24, 0],
            ],
            0.022,
            { flat: 1.6 },
          ),
          lid,
        ),
      )
    } else if (look.form % 3 === 1) {
      parts.push(
        part(
          lathe([
            [0.18, 1.05],
            [0.182, 1.3],
            [0.165, 1.33],
            [0.1, 1.34],
            [0, 1.34],
          ]),
          lid,
        ),
      )
      parts.push(part(pose(ring(0.183, 0.006), { move: [0, 1.1, 0] }), BLACK))
    } else {
      parts.push(
        part(
          lathe([
            [0.19, 1.05],
            [0.195, 1.07],
            [0.195, 1.13],
            [0.12, 1.18],
            [0.1, 1.27],
            [0.08, 1.3],
            [0, 1.3],
          ]),
          lid,
        ),
      )
      parts.push(
        part(
          tube(
            [
              [0.2, 1.1, 0],
              [0.29, 1.08, 0],
              [0.3, 0.9, 0],
              [0.29, 0.72, 0],
              [0.21, 0.7, 0],
            ],
            0.026,
            { flat: 1.5 },
          ),
          lid,
        ),
      )
    }
    return parts
  },
}

export const mug: Model = {
  lie: [0, 30, 82],
  facing: 25,
  build(look) {
    const glaze = printed(look, FINISHES.ceramic, 3)
    const inner = plain(look.form % 2 ? '#f3f1ec' : look.second, FINISHES.ceramic)
    const belly = look.form % 3 === 2 ? 0.04 : 0
    return [
      part(
        lathe([
          [0, 0],
          [0.33, 0],
          [0.37, 0.02],
          [0.4 - belly, 0.08],
          [0.41 + belly, 0.4],
          [0.41 - belly / 2, 0.8],
          [0.405 - belly / 2, 0.83],
        ]),
        glaze,
      ),
      part(
        lathe([
          [0.405 - belly / 2, 0.83],
          [0.395 - belly / 2, 0.845],
          [0.38 - belly / 2, 0.83],
          [0.375, 0.12],
          [0.3, 0.06],
          [0, 0.06],
        ]),
        inner,
      ),
      part(
        tube(
          [
            [0.38, 0.68, 0],
            [0.56, 0.7, 0],
            [0.66, 0.56, 0],
            [0.65, 0.34, 0],
            [0.54, 0.2, 0],
            [0.37, 0.17, 0],
          ],
          0.045,
          { flat: 1.35 },
        ),
        plain(look.base, FINISHES.ceramic),
      ),
    ]
  },
}

export const teapot: Model = {
  lie: [0, -30, 0],
  facing: 15,
  build(look) {
    const tall = 0.9 + (look.form % 3) * 0.16
    const glaze = printed(look, FINISHES.ceramic, 4)
    const trim = plain(look.base, FINISHES.ceramic)
    const y = (value: number): number => value * tall
    return [
      part(
        lathe(
          [
            [0, 0.02],
            [0.26, 0],
            [0.28, y(0.03)],
            [0.42, y(0.14)],
            [0.5, y(0.32)],
            [0.47, y(0.5)],
            [0.33, y(0.64)],
            [0.23, y(0.68)],
          ],
          40,
        ),
        glaze,
      ),
      part(
        lathe(
          [
            [0.26, y(0.67)],
            [0.27, y(0.7)],
            [0.24, y(0.74)],
            [0.12, y(0.8)],
            [0, y(0.82)],
          ],
          20,
        ),
        trim,
      ),
      part(pose(ellipsoid(0.07, 0.065, 0.07), { move: [0, y(0.82) + 0.05, 0] }), trim),
      part(pose(ring(0.28, 0.018), { move: [0, 0.02, 0] }), trim),
      part(
        tube(
          [
            [-0.4, y(0.22), 0],
            [-0.56, y(0.3), 0],
            [-0.66, y(0.48), 0],
            [-0.78, y(0.66), 0],
          ],
          t => 0.1 - t * 0.055,
          { around: 20 },
        ),
        trim,
      ),
      part(
        tube(
          [
            [0.4, y(0.52), 0],
            [0.58, y(0.64), 0],
            [0.74, y(0.54), 0],
            [0.74, y(0.34), 0],
            [0.6, y(0.22), 0],
            [0.44, y(0.2), 0],
          ],
          0.042,
        ),
        trim,
      ),
    ]
  },
}
