/** Owns the type that ties a kind of goods to its shape, colours, prints, prices and words, and the full list. */
import type { ColorName } from './colors.ts'
import { BAG_GOODS } from './goods-bags.ts'
import { DAILY_GOODS } from './goods-daily.ts'
import { FASHION_GOODS } from './goods-fashion.ts'
import { HOME_GOODS } from './goods-home.ts'
import { LEISURE_GOODS } from './goods-leisure.ts'
import type { Model } from './model.ts'
import type { PatternName } from './patterns.ts'

export type Goods = {
  slug: string
  model: Model
  colors: readonly ColorName[]
  patterns: readonly PatternName[]
  nouns: readonly string[]
  traits: readonly string[]
  uses: readonly string[]
  specs: readonly string[]
  unit: string
  /** Cheapest and dearest unit price in CNY. */
  price: readonly [number, number]
  moq: readonly number[]
  places: readonly (readonly [city: string, province: string])[]
  works: string
}

export const GOODS: readonly Goods[] = [...DAILY_GOODS, ...HOME_GOODS, ...FASHION_GOODS, ...BAG_GOODS, ...LEISURE_GOODS]
