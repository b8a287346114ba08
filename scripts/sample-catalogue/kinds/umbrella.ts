/** Owns the shape of an open umbrella. */
import { BLACK, FINISHES, STEEL } from '../materials.ts'
import { surface } from '../mesh.ts'
import { type Model, part, plain, printed } from '../model.ts'
import { lathe, tube } from '../shapes.ts'
import { shadeHex, type Vec } from '../vector.ts'

export const umbrella: Model = {
  lie: [0, 20, 112],
  facing: 10,
  build(look) {
    const ribs = 8
    const cloth = printed(look, { ...FINISHES.cloth, shine: 0.03, rough: 0.5 }, 3)
    const flat = 0.42 + (look.form % 3) * 0.1
    const canopy = (angle: number, t: number, grow = 0): Vec => {
      const k = ((angle / (Math.PI * 2)) * ribs) % 1
      const sag = 4 * k * (1 - k)
      const r = (Math.sin(t * 1.42) / Math.sin(1.42)) * (1 - 0.075 * sag * t) * (1 + grow)
      const y = flat * Math.cos(t * 1.5) - 0.06 * sag * t * (1 - t) + 0.03 * sag * t ** 4
      return [r * Math.sin(angle), y + grow, r * Math.cos(angle)]
    }
    const trim = plain(shadeHex(look.base, 0.7), FINISHES.cloth)
    const parts = [
      part(
        surface(
          ribs * 8,
          22,
          (u, v) => canopy(u * Math.PI * 2, v),
          (u, v) => [u, v * 0.34],
        ),
        cloth,
      ),
      part(
        tube(
          [
            [0, flat + 0.1, 0],
            [0, 0, 0],
            [0, -0.55, 0],
            [0, -0.95, 0],
          ],
          0.017,
        ),
        STEEL,
      ),
      part(
        lathe([
          [0, flat + 0.14],
          [0.02, flat + 0.1],
          [0.03, flat + 0.01],
          [0.06, flat - 0.01],
        ]),
        BLACK,
      ),
    ]
    const hook: Vec[] =
      look.form % 2
        ? [
            [0, -0.9, 0],
            [0, -1.05, 0],
            [0.05, -1.15, 0],
            [0.14, -1.15, 0],
            [0.18, -1.06, 0],
          ]
        : [
            [0, -0.86, 0],
            [0, -1, 0],
            [0, -1.14, 0],
          ]
    parts.push(part(tube(hook, look.form % 2 ? 0.034 : 0.046), look.form % 2 ? plain('#8a5a35', FINISHES.wood) : BLACK))
    for (let i = 0; i < ribs; i += 1) {
      const angle = (i / ribs) * Math.PI * 2
      const edge = [0, 0.33, 0.66, 1].map(k =>
        canopy(angle + (k * Math.PI * 2) / ribs - (k === 1 ? 1e-4 : 0), 1, 0.004),
      )
      parts.push(part(tube(edge, 0.011, { steps: 10, around: 8 }), trim))
      parts.push(
        part(
          tube([canopy(angle, 0.5, -0.02), [0.02 * Math.sin(angle), -0.2, 0.02 * Math.cos(angle)]], 0.007, {
            around: 6,
            sharp: true,
          }),
          STEEL,
        ),
      )
      parts.push(
        part(
          tube([canopy(angle, 0.15, -0.012), canopy(angle, 0.5, -0.015), canopy(angle, 0.98, -0.012)], 0.008, {
            around: 6,
            steps: 10,
          }),
          STEEL,
        ),
      )
    }
    return parts
  },
}
