/**
 * Checks that what a translator gives is a valid domain value, and that each part of it stood in the body that it was
 * read from.
 */
import { z } from 'zod'
import { parseCount } from '../../src/offers/count.ts'
import { isOfferId } from '../../src/offers/id/offer-id.ts'
import { parsePlace } from '../../src/offers/place/place.ts'
import { cleanText, FIELD_MAX_CHARS, TITLE_MAX_CHARS } from '../../src/offers/text.ts'
import { asPictureUrl } from '../../src/upstreams/json-readers.ts'
import { leavesOf } from './json-faults.ts'

const line = (most: number) =>
  z.string().refine(text => text !== '' && cleanText(text, most) === text, 'is not a clean line')
const field = line(FIELD_MAX_CHARS).nullable()
const pictureUrl = z.string().regex(/^https?:\/\//)
const price = z
  .strictObject({
    text: z.string().regex(/^\d+(\.\d+)?(-\d+(\.\d+)?)?起?$/),
    min: z.number().positive(),
    max: z.number(),
  })
  .refine(({ min, max }) => min <= max)

const rate = z.number().min(0).max(1).nullable()
const score = z.number().min(0).max(5).nullable()
const tier = z.strictObject({ minQuantity: z.int().min(1), price })
const packaging = z.strictObject({
  weightKg: z.number().positive().nullable(),
  sizeCm: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).nullable(),
  basis: z.enum(['measured', 'seller', 'predicted']).nullable(),
})
const evidence = z.strictObject({
  sold: z
    .strictObject({ text: z.string().min(1), atLeast: z.int().min(0), days: z.int().positive().nullable() })
    .nullable(),
  repurchaseRate: rate,
  yearsOn1688: z.int().min(0).max(60).nullable(),
  sellerKind: z.enum(['factory', 'trader']).nullable(),
  badges: z.array(z.enum(['super_factory', 'verified_merchant', 'trustpass'])),
  serviceScores: z
    .strictObject({
      composite: score,
      goods: score,
      logistics: score,
      dispute: score,
      afterSales: score,
      consultation: score,
    })
    .nullable(),
  qualityReturnRate: rate,
  dispatchWithin24hRate: rate,
  isAd: z.boolean().nullable(),
  shopId: z.string().nullable(),
})

const summaryShape = {
  offerId: z.string().refine(isOfferId),
  title: line(TITLE_MAX_CHARS),
  price: price.nullable(),
  moq: z.int().min(1).nullable(),
  unit: field,
  shopName: field,
  city: field,
  province: field,
  imageUrl: pictureUrl.nullable(),
  titleTranslated: line(TITLE_MAX_CHARS).optional(),
  priceTiers: z.array(tier).optional(),
  evidence: evidence.optional(),
}

/** A valid page of a search. */
export const validPage = z.strictObject({
  offers: z.array(z.strictObject(summaryShape)),
  totalFound: z.int().min(0).nullable(),
  hasMore: z.boolean().nullable().optional(),
  applied: z.strictObject({}).optional(),
})

export const validDetails = z.strictObject({
  ...summaryShape,
  images: z.array(pictureUrl),
  priceTiers: z.array(tier),
  skus: z.array(
    z.strictObject({
      skuId: z.string().regex(/^\d+$/).nullable(),
      name: line(FIELD_MAX_CHARS),
      price: price.nullable(),
      stock: z.int().min(0).nullable(),
      packaging: packaging.nullable().optional(),
    }),
  ),
  lotSize: z.int().min(1).nullable(),
  mixedBatch: z
    .strictObject({
      offered: z.boolean(),
      minUnits: z.int().min(1).nullable(),
      minCny: z.number().positive().nullable(),
    })
    .nullable(),
  status: z.enum(['on_sale', 'sold_out', 'not_orderable']).nullable(),
  packaging: packaging.nullable(),
  attributes: z.array(z.strictObject({ name: line(FIELD_MAX_CHARS), value: line(FIELD_MAX_CHARS) })),
  certificates: z.array(line(FIELD_MAX_CHARS)),
  freightFromCny: z.number().min(0).nullable(),
})

/** Keys whose values are ours; other tests cover them. */
const OURS = new Set(['days', 'hasMore', 'offered', 'badges', 'status', 'basis', 'sellerKind', 'isAd'])

/**
 * What in `value` did not stand in `body`: texts and numbers, with where they are.
 * @param given texts that are known without it.
 */
export function inventedIn(value: unknown, body: unknown, given: readonly string[]): string[] {
  const leaves = new Set<Leaf>([...leavesOf(body), ...namesIn(body), ...given])
  for (const leaf of leaves) addReadings(leaf)
  const isIn = (sources: ReadonlySet<Leaf> | undefined) =>
    sources !== undefined && [...sources].some(leaf => leaves.has(leaf))
  const isKnownText = (text: string): boolean => isIn(byText.get(text)) || (text.endsWith('…') && isCut(text))
  const isCut = (text: string) =>
    [...leaves].some(leaf => readings.get(leaf)?.some(known => known.startsWith(text.slice(0, -1))))
  const isKnown = (part: unknown, key: string): boolean => {
    if (typeof part === 'number') return isIn(byNumber.get(part))
    const text = String(part)
    // A price is written from its ends, and a variant from its attributes.
    return isKnownText(text) || text.split(key === 'text' ? '-' : ' / ').every(isKnownText)
  }
  const walk = (part: unknown, key: string): string[] => {
    if (OURS.has(key) || part === null || part === undefined) return []
    if (Array.isArray(part)) return part.flatMap(item => walk(item, key))
    if (typeof part === 'object') return Object.entries(part).flatMap(([name, inner]) => walk(inner, name))
    return isKnown(part, key) ? [] : [`${key}: ${JSON.stringify(part)}`]
  }
  return walk(value, '')
}

/** Keys: TMAPI writes attributes as `{"品牌": "夏新"}`. */
function namesIn(body: unknown, found: string[] = []): string[] {
  if (Array.isArray(body)) for (const item of body) namesIn(item, found)
  else if (typeof body === 'object' && body !== null) {
    for (const [key, value] of Object.entries(body)) {
      found.push(key)
      namesIn(value, found)
    }
  }
  return found
}

type Leaf = string | number | boolean

/** Most leaves of the many bodies of a property are the same, so what each may be read as is worked out once. */
const readings = new Map<Leaf, readonly string[]>()
const byText = new Map<string, Set<Leaf>>()
const byNumber = new Map<number, Set<Leaf>>()

function addReadings(leaf: Leaf): void {
  if (readings.has(leaf)) return
  const texts = spellingsOf(leaf)
  readings.set(leaf, texts)
  for (const text of texts) byText.set(text, (byText.get(text) ?? new Set()).add(leaf))
  for (const number of numbersOf(leaf)) byNumber.set(number, (byNumber.get(number) ?? new Set()).add(leaf))
}

/** All that a leaf may be written as: cleaned, as a link, as a place, as prices, as a count. */
function spellingsOf(leaf: string | number | boolean): string[] {
  const text = String(leaf)
  const line = cleanText(text, FIELD_MAX_CHARS)
  const place = parsePlace(line)
  const plain = text.slice(0, 100).normalize('NFKC').replaceAll(/[,\s]/g, '')
  const spellings = [
    text.trim(),
    line,
    cleanText(text, TITLE_MAX_CHARS),
    asPictureUrl(text),
    place.city,
    place.province,
    parseCount(leaf)?.text,
    // TMAPI's key to a shop.
    /[?&]memberId=([\w-]+)/i.exec(text)?.[1],
    ...(plain.match(/\d+(?:\.\d+)?/g) ?? []),
    // linkplus counts in fen.
    ...(/^\d{1,9}$/.test(plain) ? [(Number(plain) / 100).toFixed(2)] : []),
  ]
  return spellings.filter(spelling => typeof spelling === 'string')
}

/** A whole text that is a number, a price or two, a rate or a count. */
const NUMERIC = /^[¥￥]?\d+(?:\.\d+)?(?:[-~至]\d+(?:\.\d+)?)?[万亿w]?\+?%?元?$/i

/** All numbers that a leaf may mean: as they are, per cent, fen, in 万, and in grams. */
function numbersOf(leaf: string | number | boolean): number[] {
  const text = String(leaf).slice(0, 100).normalize('NFKC').replaceAll(/[,\s]/g, '')
  const found = NUMERIC.test(text) ? (text.match(/\d+(?:\.\d+)?/g) ?? []) : []
  const count = parseCount(leaf)?.atLeast
  const plain = [
    ...found.map(Number),
    ...(typeof leaf === 'number' ? [leaf] : []),
    ...(count === undefined ? [] : [count]),
  ]
  return [
    ...plain,
    ...plain.map(number => Number((number / 100).toFixed(8))),
    ...plain.map(number => number * 1e4),
    // Rates have four decimals, and grams are read as kilograms.
    ...plain.flatMap(number => [number, number / 100].map(rate => Number(rate.toFixed(4)))),
    ...plain.map(number => number / 1000),
  ]
}
