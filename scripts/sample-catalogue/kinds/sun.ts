/** Owns the shapes of things against the sun: hat and face mask. */
import { FINISHES } from '../materials.ts'
import { deform } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { lathe, outline, puff, tube } from '../shapes.ts'
import { type Point, shadeHex, type Vec } from '../vector.ts'

export const sunHat: Model = {
  lie: [50, 0, 12],
  build(look) {
    const brim = 0.72 + (look.form % 3) * 0.12
    const straw = printed(look, look.form % 2 ? FINISHES.straw : FINISHES.canvas, 8)
    const wave = (p: Vec): Vec => {
      const r = Math.hypot(p[0], p[2])
      const out = Math.max(0, r - 0.42)
      return [p[0], p[1] + out * 0.2 * Math.sin(Math.atan2(p[0], p[2]) * 3 + look.form) - out * out * 0.3, p[2]]
    }
    const shape = (profile: readonly Point[]) => deform(lathe(profile, 0, 90), wave)
    const parts = [
      part(
        shape([
          [0.4, 0],
          [0.46, 0.005],
          [0.56, 0],
          [0.66, -0.01],
          [brim, -0.03],
          [brim + 0.005, -0.035],
          [brim - 0.01, -0.045],
          [0.5, -0.02],
          [0.39, -0.01],
        ]),
        straw,
      ),
      part(
        lathe(
          [
            [0.4, 0],
            [0.385, 0.12],
            [0.36, 0.24],
            [0.32, 0.32],
            [0.2, 0.365],
            [0, 0.38],
          ],
          30,
        ),
        straw,
      ),
      part(
        lathe([
          [0.404, 0.015],
          [0.41, 0.03],
          [0.398, 0.12],
          [0.386, 0.125],
        ]),
        plain(look.second, FINISHES.cloth),
      ),
    ]
    if (look.form % 3 !== 2) {
      for (const s of [-1, 1]) {
        const loop: Vec[] = [
          [0, 0.07, 0.41],
          [s * 0.08, 0.13, 0.44],
          [s * 0.17, 0.1, 0.42],
          [s * 0.15, 0.03, 0.42],
        ]
        parts.push(part(tube(loop, 0.035, { flat: 0.4, closed: true }), plain(look.second, FINISHES.cloth)))
        parts.push(
          part(
            tube(
              [
                [0, 0.06, 0.42],
                [s * 0.07, -0.0, 0.5],
                [s * 0.13, -0.03, 0.6],
              ],
              0.03,
              { flat: 0.35 },
            ),
            plain(look.second, FINISHES.cloth),
          ),
        )
      }
    } else {
      for (const s of [-1, 1])
        parts.push(
          part(
            tube(
              [
                [s * 0.4, 0, 0.05],
                [s * 0.37, -0.3, 0.1],
                [s * 0.16, -0.55, 0.14],
                [0, -0.62, 0.15],
              ],
              0.014,
            ),
            plain(shadeHex(look.base, 0.6), FINISHES.cloth),
          ),
        )
    }
    return parts
  },
}

export const sunMask: Model = {
  lie: [-84, 0, 8],
  lift: 0.08,
  build(look) {
    const drape = look.form % 3 === 1 ? 0.42 : look.form % 3 === 2 ? 0.18 : 0
    const right: readonly Point[] = [
      [0, 0.42],
      [0.14, 0.36],
      [0.34, 0.33],
      [0.6, 0.3],
      [0.72, 0.1],
      [0.68, -0.12 - drape * 0.4],
      [0.46, -0.34 - drape],
      [0.2, -0.45 - drape],
      [0, -0.48 - drape],
    ]
    const face = (x: number, y: number): number =>
      0.46 * Math.cos(Math.min(1.5, Math.abs(x) * 1.75)) + 0.12 * Math.exp(-(x * x * 20 + (y - 0.1) * (y - 0.1) * 5))
    const cloth = printed(look, { ...FINISHES.cloth, bump: 0.05 }, 2)
    const trim = plain(look.form % 2 ? look.second : shadeHex(look.base, 0.82), FINISHES.cloth)
    const at = (x: number, y: number, out = 0.03): Vec => [x, y, face(x, y) + out]
    const parts = [
      part(
        puff([outline(right, 110, true)], {
          thick: 0.022,
          edge: 0.04,
          wrinkle: 0.018,
          wrinkleScale: [4, 5],
          grid: 96,
          bulge: face,
          seed: look.form,
        }),
        cloth,
      ),
    ]
    parts.push(part(tube([at(0, 0.41), at(0, 0.2), at(0, 0, 0.028), at(0, -0.2), at(0, -0.44 - drape)], 0.009), trim))
    for (const s of [-1, 1]) {
      parts.push(
        part(tube([at(s * 0.02, 0.41), at(s * 0.14, 0.352), at(s * 0.34, 0.322), at(s * 0.6, 0.292)], 0.016), trim),
      )
      const loop: Vec[] = [
        at(s * 0.64, 0.26, 0),
        [s * 0.8, 0.34, -0.12],
        [s * 0.9, 0.2, -0.3],
        [s * 0.84, -0.02, -0.26],
        at(s * 0.66, -0.08 - drape * 0.2, 0),
      ]
      parts.push(part(tube(loop, 0.017), trim))
      if (look.form % 2)
        for (const y of [0.02, -0.06, -0.14])
          parts.push(
            part(
              tube([at(s * 0.14, y), at(s * 0.24, y + 0.01), at(s * 0.32, y + 0.02)], 0.008),
              plain(shadeHex(look.base, 0.45), FINISHES.cloth),
            ),
          )
    }
    return parts
  },
}
