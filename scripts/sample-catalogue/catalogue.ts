/** Owns the plan of each kind: ten dressed and photographed offers, three query photos, and the demo photo. */
import { type ColorName, colorHex, contrasting, RARE, tenColors } from './colors.ts'
import { GOODS, type Goods } from './goods.ts'
import { type Offer, setPrices, shopFor, writeTitle } from './offers.ts'
import type { PatternName } from './patterns.ts'
import { createRandom, type Random } from './random.ts'
import { offerRecipe, type QueryWay, queryRecipe } from './recipes.ts'
import { type Dress, photograph } from './scene.ts'

export type DrawnKind = { offers: Offer[]; pictures: Map<string, Buffer>; queries: Map<string, Buffer> }

const OFFERS_PER_KIND = 10
const FIRST_ID = 10001
/** Which of the thermos cups the demo's photo shows. */
const DEMO_OFFER = 7

function dressUp(color: ColorName, pattern: PatternName, form: number, random: Random): Dress {
  const base = colorHex(color)
  const second = contrasting(base, random)
  return { base, second, accent: contrasting(base, random, second), pattern, form }
}

type Wardrobe = { colors: ColorName[]; dresses: Dress[]; patterns: PatternName[] }

function wardrobe(goods: Goods): Wardrobe {
  const random = createRandom(`${goods.slug}/colors`)
  const colors = tenColors(goods.colors, random)
  const patterns = random.shuffle(colors.map((_, index) => goods.patterns[index % goods.patterns.length] ?? 'plain'))
  // Prime-step forms keep the shape variant from following the pattern.
  const dresses = colors.map((color, index) => dressUp(color, patterns[index] ?? 'plain', index * 5 + 1, random))
  return { colors, dresses, patterns }
}

const nextTo = (dresses: readonly Dress[], index: number): Dress[] => {
  const own = dresses[index]
  return [3, 6].flatMap(step => {
    const other = dresses[(index + step) % dresses.length]
    return own && other ? [{ ...other, pattern: own.pattern, form: own.form }] : []
  })
}

async function drawQuery(goods: Goods, kind: number, way: QueryWay, worn: Wardrobe): Promise<Buffer> {
  const random = createRandom(`${goods.slug}/query/${way}`)
  const recipe = queryRecipe(way, kind, random)
  const known = worn.dresses[(kind + (way === 'rotated' ? 0 : 3)) % OFFERS_PER_KIND]
  if (!known) throw new Error(`no look for ${goods.slug}`)
  const rare = dressUp(RARE[kind % RARE.length] ?? '珊瑚色', known.pattern, known.form, random)
  const side = Math.sqrt(random.range(0.57, 0.74))
  const crop = { left: random.range(0, 1 - side), top: random.range(0, 1 - side), width: side, height: side }
  return photograph({
    model: goods.model,
    dress: way === 'recoloured' ? rare : known,
    others: [],
    recipe,
    random,
    ...(way === 'rotated' ? { turn: random.range(8, 18) * (kind % 2 ? 1 : -1) } : {}),
    ...(way === 'cropped' ? { crop } : {}),
  })
}

function writeOffer(goods: Goods, kind: number, index: number, worn: Wardrobe, taken: Set<string>): Offer {
  const random = createRandom(`${goods.slug}/offer/${index}`)
  const [color, pattern] = [worn.colors[index] ?? '白色', worn.patterns[index] ?? 'plain']
  const { layout } = offerRecipe(kind, index, createRandom(''))
  let title = writeTitle(goods, color, pattern, layout, random)
  while (taken.has(title)) title = writeTitle(goods, color, pattern, layout, random)
  taken.add(title)
  const colors = [color, ...worn.colors.filter(name => name !== color).slice(0, layout === 'trio' ? 2 : 1)]
  return {
    offer_id: String(FIRST_ID + kind * OFFERS_PER_KIND + index),
    kind: goods.slug,
    title,
    ...setPrices(goods, kind, index, colors, random),
    unit: goods.unit,
    ...shopFor(goods, index),
    picture: `${goods.slug}-${String(index + 1).padStart(2, '0')}.webp`,
  }
}

export async function drawKind(kind: number, withPictures = true): Promise<DrawnKind> {
  const goods = GOODS[kind]
  if (!goods) throw new Error(`there is no kind number ${kind}`)
  const worn = wardrobe(goods)
  const taken = new Set<string>()
  const offers = worn.colors.map((_, index) => writeOffer(goods, kind, index, worn, taken))
  const pictures = new Map<string, Buffer>()
  const queries = new Map<string, Buffer>()
  if (!withPictures) return { offers, pictures, queries }
  for (const [index, offer] of offers.entries()) {
    const random = createRandom(`${goods.slug}/picture/${index}`)
    const dress = worn.dresses[index]
    if (!dress) continue
    const recipe = offerRecipe(kind, index, random)
    const others = nextTo(worn.dresses, index)
    pictures.set(offer.picture, await photograph({ model: goods.model, dress, others, recipe, random }))
  }
  for (const way of ['rotated', 'cropped', 'recoloured'] as const) {
    queries.set(`${goods.slug}-${way}.webp`, await drawQuery(goods, kind, way, worn))
  }
  return { offers, pictures, queries }
}

/** The demo's photo: a cup of the catalogue, seen by somebody else, elsewhere and in another light. */
export function drawDemo(): Promise<Buffer> {
  const goods = GOODS.find(entry => entry.slug === 'thermos-cup')
  const dress = goods && wardrobe(goods).dresses[DEMO_OFFER]
  if (!goods || !dress) throw new Error('the demo needs the thermos cup')
  return photograph({
    model: goods.model,
    dress,
    others: [],
    recipe: {
      layout: 'one',
      lying: false,
      shot: { yaw: 38, pitch: 24, fill: 0.9 },
      setting: 'parquet',
      warmth: 0.02,
      softness: 0.5,
      mirrored: false,
    },
    random: createRandom('demo photo'),
  })
}
