/** Owns where the camera stands and how the goods are framed. */
import type { Packed } from './mesh.ts'
import { project, type View } from './raster.ts'
import { add, at, cross, radians, scale, unit, type Vec } from './vector.ts'

export type Shot = {
  yaw: number
  pitch: number
  /** Share of the frame that the goods fill; more than 1 crops into them. */
  fill: number
  /** Shift of the framing, in shares of the frame. */
  offset?: readonly [number, number]
  roll?: number
  distance?: number
}

export function frame(packed: Packed, centre: Vec, shot: Shot, size: number): View {
  const [yaw, pitch] = [radians(shot.yaw), radians(shot.pitch)]
  const back: Vec = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)]
  const flat = unit(cross([0, 1, 0], back))
  const rise = cross(back, flat)
  const roll = radians(shot.roll ?? 0)
  const right = add(scale(flat, Math.cos(roll)), scale(rise, Math.sin(roll)))
  const up = add(scale(rise, Math.cos(roll)), scale(flat, -Math.sin(roll)))
  const eye = add(centre, scale(back, shot.distance ?? 4.6))
  const draft: View = { right, up, back, eye, focal: 1, shiftX: 0, shiftY: 0, size }
  let [lowX, highX, lowY, highY] = [1e9, -1e9, 1e9, -1e9]
  for (let i = 0; i < packed.count * 3; i += 1) {
    if (at(packed.clip, i) < 0) continue
    const p = project(draft, [
      at(packed.position, i * 3),
      at(packed.position, i * 3 + 1),
      at(packed.position, i * 3 + 2),
    ])
    lowX = Math.min(lowX, p[0])
    highX = Math.max(highX, p[0])
    lowY = Math.min(lowY, p[1])
    highY = Math.max(highY, p[1])
  }
  const focal = (shot.fill * size) / Math.max(highX - lowX, highY - lowY)
  const [dx, dy] = shot.offset ?? [0, 0]
  return {
    ...draft,
    focal,
    shiftX: size * (0.5 + dx) - ((lowX + highX) / 2) * focal,
    shiftY: size * (0.5 + dy) - ((lowY + highY) / 2) * focal,
  }
}
