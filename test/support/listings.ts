/** Owns made-up listings that the stand-ins of live upstreams answer from, each in its own shapes. */

/** A listing, in no upstream's words. */
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
  /** Taken down: a details call is refused. */
  delisted?: boolean
}

const GOODS = [
  ['示例陶瓷马克杯', 'Sample ceramic mug'],
  ['示例不锈钢保温杯', 'Sample steel flask'],
  ['示例硅胶锅铲', 'Sample silicone spatula'],
  ['示例折叠收纳箱', 'Sample folding box'],
] as const

const PLACES = [
  ['浙江', '杭州市'],
  ['广东', '东莞市'],
  ['福建', '泉州市'],
] as const

/** `count` listings with ids from 610000000001 on; the last one is taken down. */
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
      shop: `示例贸易第${index + 1}商行`,
      province,
      city,
      picture: `https://cbu01.alicdn.com/img/ibank/sample-${index + 1}.jpg`,
      delisted: index === count - 1,
    }
  })
}

/** `1010` as `"10.10"`. */
export function yuan(fen: number): string {
  return (fen / 100).toFixed(2)
}

/** What to answer instead of the right thing. */
export type OrderedAnswer =
  /** A body that is a text is sent as it is. */
  { status: number; body: unknown; headers?: Record<string, string> } | 'hang' | 'reset'

/** JSON with the types that the platforms confuse exchanged: numbers come as strings, booleans as words, digits as numbers. */
export function exchangeTypes(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : value
  if (Array.isArray(value)) return value.map(exchangeTypes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exchangeTypes(inner)]))
}
