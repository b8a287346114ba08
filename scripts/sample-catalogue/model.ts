/** Owns what a kind of goods must offer to be drawn. */
import { type Finish, type Material, material } from './materials.ts'
import type { Mesh, Part } from './mesh.ts'
import type { Random } from './random.ts'
import type { Texture } from './texture.ts'
import type { Vec } from './vector.ts'

/** The colours, print and shape variant of one piece. */
export type Look = { base: string; second: string; accent: string; print: Texture; form: number; random: Random }

export type Model = {
  build(look: Look): Part[]
  /** How the piece is turned (degrees) when it lies on a surface. */
  lie: Vec
  /** Gap below a piece that is shown hanging in the air. */
  lift?: number
  /** Turn applied to every view, for goods whose best side is not the front. */
  facing?: number
}

export const part = (mesh: Mesh, made: Material): Part => ({ mesh, material: made })
export const printed = (look: Look, finish: Finish, tile: number): Material =>
  material(look.base, { ...finish, texture: look.print, tile })
export const plain = (hex: string, finish: Finish): Material => material(hex, finish)
