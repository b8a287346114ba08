/** Owns the written side of an offer: title, prices, order quantity, shop and place. */
import type { ColorName } from './colors.ts'
import type { Goods } from './goods.ts'
import { PATTERN_NAMES, type PatternName } from './patterns.ts'
import type { Random } from './random.ts'
import type { Layout } from './recipes.ts'

export type PriceTier = { min_quantity: number; price: string }
export type Sku = { name: string; price: string; stock: number | null }
export type Offer = {
  offer_id: string
  kind: string
  title: string
  price: string
  price_tiers: PriceTier[]
  skus: Sku[]
  moq: number | null
  unit: string
  shop_name: string
  city: string
  province: string
  picture: string
}

const CHANNELS = [
  '厂家直销',
  '源头工厂',
  '批发',
  '现货批发',
  '跨境',
  '一件代发',
  '定制',
  '爆款',
  '新款',
  '外贸',
] as const
const SHOP_NAMES = [
  '晨光',
  '宏达',
  '瑞丰',
  '锦程',
  '佳禾',
  '云杉',
  '海悦',
  '众合',
  '百顺',
  '星河',
  '青禾',
  '博远',
  '金穗',
  '德润',
  '万邦',
  '凯旋',
  '优品',
  '嘉美',
] as const
const LAYOUT_WORDS: Partial<Record<Layout, string>> = { trio: '多色可选', pair: '两色可选', box: '盒装' }
const [SHORTEST, LONGEST] = [15, 35]

const letters = (text: string): number => [...text].length

export function writeTitle(
  goods: Goods,
  color: ColorName,
  pattern: PatternName,
  layout: Layout,
  random: Random,
): string {
  const noun = random.pick(goods.nouns)
  const [first, second] = random.shuffle(goods.traits.filter(trait => !noun.includes(trait)))
  const [use, otherUse] = random.shuffle(goods.uses.filter(use => !noun.includes(use)))
  const channel = random.pick(CHANNELS)
  const print = pattern === 'plain' ? '' : PATTERN_NAMES[pattern]
  const offered = LAYOUT_WORDS[layout] ?? ''
  const looks = `${color}${print}`
  const orders = [
    `${channel}${first}${looks}${noun}${use}${second}${offered}`,
    `${looks}${first}${noun}${offered}${use}${otherUse}${channel}`,
    `${use}${first}${second}${looks}${noun}${offered}${channel}`,
    `${first}${noun}${looks}${second}${use}${offered}${channel}`,
  ]
  let title = random.pick(orders)
  for (const more of [otherUse, second, ...goods.traits]) {
    if (letters(title) < SHORTEST && more !== undefined && !title.includes(more)) title += more
  }
  return letters(title) <= LONGEST ? title : `${first}${looks}${noun}${use}${channel}`
}

const money = (value: number): string => value.toFixed(2)
const tidy = (value: number): number =>
  value >= 50 ? Math.round(value) : value >= 10 ? Math.round(value * 10) / 10 : Math.round(value * 20) / 20

const span = (prices: readonly number[]): string => {
  const [low, high] = [Math.min(...prices), Math.max(...prices)]
  return low === high ? money(low) : `${money(low)}-${money(high)}`
}

function ladder(start: number, moq: number, random: Random): PriceTier[] {
  const steps = random.int(2, 4)
  const tiers: PriceTier[] = []
  let [quantity, price] = [moq, start]
  for (let i = 0; i < steps; i += 1) {
    tiers.push({ min_quantity: quantity, price: money(price) })
    quantity = moq === 1 && i === 0 ? 10 : quantity * random.pick([3, 5, 10])
    price = Math.min(price - 0.05, tidy(price * random.range(0.88, 0.96)))
  }
  return tiers
}

function skuList(goods: Goods, colors: readonly ColorName[], price: (spec: number) => number, random: Random): Sku[] {
  return colors.flatMap(color =>
    goods.specs.slice(0, 3).map((spec, index) => ({
      name: `${color}/${spec}`,
      price: money(price(index)),
      stock: random.chance(0.15) ? null : random.int(20, 9800),
    })),
  )
}

type Pricing = Pick<Offer, 'price' | 'price_tiers' | 'skus' | 'moq'>

export function setPrices(
  goods: Goods,
  kind: number,
  index: number,
  colors: readonly ColorName[],
  random: Random,
): Pricing {
  const [low, high] = goods.price
  const start = tidy(low * (high / low) ** random.next())
  const moq = (kind * 10 + index) % 12 === 5 ? null : random.pick(goods.moq)
  const style = index % 10
  if (style === 2 || style === 5 || (moq === null && style !== 9)) {
    const skus = skuList(goods, colors, spec => tidy(start * (1 + spec * 0.22)), random)
    return { price: span(skus.map(sku => Number(sku.price))), price_tiers: [], skus, moq }
  }
  if (style === 9 || moq === null) return { price: money(start), price_tiers: [], skus: [], moq }
  const price_tiers = ladder(start, moq, random)
  const skus = style === 3 || style === 7 ? skuList(goods, colors, () => start, random) : []
  return { price: span(price_tiers.map(tier => Number(tier.price))), price_tiers, skus, moq }
}

/** A few invented shops for each kind; every name says 示例 so that nobody takes it for a real one. */
export function shopFor(goods: Goods, index: number): Pick<Offer, 'shop_name' | 'city' | 'province'> {
  const [city, province] = goods.places[index % goods.places.length] ?? ['金华市', '浙江省']
  const name =
    SHOP_NAMES[
      (letters(goods.slug) * 5 + (index % goods.places.length) * 3 + Math.floor(index / 6) * 7) % SHOP_NAMES.length
    ] ?? '晨光'
  return { shop_name: `${city}示例${name}${goods.works}`, city, province }
}
