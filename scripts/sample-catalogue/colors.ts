/** Owns the colours goods come in, with the names sellers use for them. */
import type { Random } from './random.ts'
import { brightness } from './vector.ts'

const COLORS = {
  白色: '#f2f0ea',
  米白: '#e6dcc8',
  黑色: '#2a2a2e',
  浅灰: '#a6aab0',
  深灰: '#4b4f57',
  红色: '#b8242c',
  酒红: '#7a1f33',
  粉色: '#eeb0bd',
  玫红: '#d63b78',
  橙色: '#e5752f',
  黄色: '#efc337',
  姜黄: '#c38b2c',
  卡其: '#b79b72',
  驼色: '#a5764a',
  咖啡色: '#5c3d2e',
  草绿: '#5f9e4f',
  墨绿: '#1f4d3d',
  薄荷绿: '#a4d9c3',
  军绿: '#5c6440',
  天蓝: '#6fb3e0',
  宝蓝: '#2754b0',
  藏青: '#1f2c4f',
  湖蓝: '#2a9fb0',
  紫色: '#7d55a8',
  浅紫: '#c3afdf',
  珊瑚色: '#f4795b',
  牛油果绿: '#b5c469',
  雾霾蓝: '#7b93a8',
  青瓷色: '#9fc0b0',
  紫砂色: '#7a4a35',
  原木色: '#c29a66',
  奶茶色: '#cdb39a',
} as const

export type ColorName = keyof typeof COLORS
export const colorHex = (name: ColorName): string => COLORS[name]

const NAMES: readonly ColorName[] = [
  '白色',
  '米白',
  '黑色',
  '浅灰',
  '深灰',
  '红色',
  '酒红',
  '粉色',
  '玫红',
  '橙色',
  '黄色',
  '姜黄',
  '卡其',
  '驼色',
  '咖啡色',
  '草绿',
  '墨绿',
  '薄荷绿',
  '军绿',
  '天蓝',
  '宝蓝',
  '藏青',
  '湖蓝',
  '紫色',
  '浅紫',
]

/** Kept out of the catalogue, so that a recoloured query shows a colour no offer has. */
export const RARE: readonly ColorName[] = ['珊瑚色', '牛油果绿', '雾霾蓝']

/** Ten different colours for the ten offers of a kind, the typical ones of that kind first in the draw. */
export function tenColors(typical: readonly ColorName[], random: Random): ColorName[] {
  const others = random.shuffle(NAMES.filter(name => !typical.includes(name)))
  return random.shuffle([...typical, ...others].slice(0, 10))
}

/** A second colour that stands out from the first. */
export function contrasting(base: string, random: Random, not = base): string {
  const light = brightness(base)
  const choices = NAMES.map(colorHex).filter(
    hex => hex !== not && Math.abs(brightness(hex) - light) > (light > 0.4 ? 0.28 : 0.16),
  )
  return random.pick(choices)
}
