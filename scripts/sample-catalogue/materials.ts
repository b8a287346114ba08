/** Owns what things are made of: colour, shine, grain and weave of every surface in a picture. */
import type { Texture } from './texture.ts'
import { hexToLinear, type Vec } from './vector.ts'

export type Material = {
  color: Vec
  texture?: Texture
  /** Repeats of the texture for one unit of `uv`. */
  tile: number
  shine: number
  rough: number
  metal: number
  bump: number
  bumpScale: number
  weave: number
  fuzz: number
  glow: number
}

const BASE: Omit<Material, 'color'> = {
  tile: 1,
  shine: 0.04,
  rough: 0.5,
  metal: 0,
  bump: 0,
  bumpScale: 20,
  weave: 0,
  fuzz: 0,
  glow: 0,
}

export type Finish = Partial<Omit<Material, 'color'>>

export const material = (hex: string, finish: Finish = {}): Material => ({
  ...BASE,
  color: hexToLinear(hex),
  ...finish,
})

export const FINISHES = {
  ceramic: { shine: 0.055, rough: 0.12, bump: 0.012, bumpScale: 5 },
  plastic: { shine: 0.045, rough: 0.32, bump: 0.01, bumpScale: 40 },
  rubber: { shine: 0.03, rough: 0.7, bump: 0.05, bumpScale: 60 },
  lacquer: { shine: 0.06, rough: 0.18, bump: 0.025, bumpScale: 90 },
  leather: { shine: 0.045, rough: 0.45, bump: 0.16, bumpScale: 55 },
  cloth: { shine: 0.01, rough: 1, bump: 0.1, bumpScale: 9, weave: 90, fuzz: 0.25 },
  canvas: { shine: 0.012, rough: 1, bump: 0.14, bumpScale: 26, weave: 60, fuzz: 0.15 },
  plush: { shine: 0.005, rough: 1, bump: 0.75, bumpScale: 46, fuzz: 0.7 },
  terry: { shine: 0.005, rough: 1, bump: 0.6, bumpScale: 70, fuzz: 0.55 },
  straw: { shine: 0.03, rough: 0.6, bump: 0.25, bumpScale: 40, weave: 34 },
  paper: { shine: 0.015, rough: 0.8, bump: 0.03, bumpScale: 60 },
  wood: { shine: 0.035, rough: 0.45, bump: 0.06, bumpScale: 30 },
  steel: { shine: 0.75, rough: 0.22, metal: 1, bump: 0.01, bumpScale: 60 },
  gloss: { shine: 0.06, rough: 0.08 },
} as const

export const STEEL = material('#c9ccd0', FINISHES.steel)
export const BRASS = material('#d9b36a', { ...FINISHES.steel, rough: 0.25 })
export const GUNMETAL = material('#5a5d63', { ...FINISHES.steel, rough: 0.3 })
export const BLACK = material('#1d1d20', FINISHES.plastic)
export const RUBBER = material('#232326', FINISHES.rubber)
export const WHITE = material('#ecebe6', FINISHES.plastic)
