/** Invented listings from which each stand-in answers in its upstream's format. */
import { seededRandom } from './seeded-random.ts'

export interface Listing {
  id: number
  title: string
  titleEn: string
  priceFen: number
  moq: number
  shop: string
  province: string
  city: string
  picture: string
  /** Details calls are refused. */
  delisted?: boolean
}

/** As long as on 1688, where sellers fill titles with search words. */
const GOODS = [
  [
    '示例陶瓷马克杯大容量带盖勺办公室情侣早餐牛奶咖啡杯定制',
    'Sample ceramic mug large capacity with lid and spoon office couple breakfast milk coffee cup custom logo',
  ],
  [
    '示例不锈钢保温杯便携车载大容量男女学生户外运动水杯礼品',
    'Sample stainless steel vacuum flask portable car large capacity student outdoor sports water bottle gift',
  ],
  [
    '示例硅胶锅铲食品级耐高温不粘锅专用炒菜铲子厨房家用厨具',
    'Sample silicone spatula food grade heat resistant non-stick pan special cooking shovel kitchen utensil',
  ],
  [
    '示例折叠收纳箱家用大号透明衣服玩具零食整理箱宿舍储物盒',
    'Sample folding storage box household large transparent clothes toys snacks organiser dormitory bin',
  ],
] as const

const PLACES = [
  ['浙江', '杭州市'],
  ['广东', '东莞市'],
  ['福建', '泉州市'],
] as const

/** Ids start at 610000000001; the last listing is taken down. */
export function makeListings(count: number): Listing[] {
  return Array.from({ length: count }, (_, index) => {
    const [title, titleEn] = GOODS[index % GOODS.length] ?? GOODS[0]
    const [province, city] = PLACES[index % PLACES.length] ?? PLACES[0]
    return {
      id: 610_000_000_001 + index,
      title: `${title} 第${index + 1}款`,
      titleEn: `${titleEn} no. ${index + 1}`,
      priceFen: 1010 + 5 * index,
      moq: 1 + (index % 5),
      shop: `${city}示例第${index + 1}电子商务有限公司`,
      province,
      city,
      picture: `https://cbu01.alicdn.com${picturePath(index)}`,
      delisted: index === count - 1,
    }
  })
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A path as on 1688, constant for each number. */
export function picturePath(number: number): string {
  const random = seededRandom(number)
  const code = Array.from({ length: 17 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('')
  return `/img/ibank/O1CN01${code}_!!${2_200_000_000_000 + Math.floor(random() * 2e10)}-0-cib.jpg`
}

/** `1010` as `"10.10"`. */
export function yuan(fen: number): string {
  return (fen / 100).toFixed(2)
}

export type OrderedAnswer =
  /** A string is sent as it is. */
  { status: number; body: unknown; headers?: Record<string, string> } | 'hang' | 'reset'

/** Swaps the JSON types that the platforms confuse: numbers and booleans become strings, digits become numbers. */
export function exchangeTypes(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : value
  if (Array.isArray(value)) return value.map(exchangeTypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exchangeTypes(inner)]))
}
