/** One row of a generated sheet: its cells, and what they mean. */
import { type Plan, STEPS, written } from './plan.ts'

export interface Meaning {
  title: string
  /** In hundredths of `currency`, for `pack` pieces; the dearest and the cheapest of a ladder. `null` for unknown. */
  price: { low: number; high: number } | null
  currency: string
  pack: number
  steps: readonly (readonly [from: number, price: number])[]
  /** In pieces. */
  moq: number
  /** An address, or the name of a picture in the sheet. */
  image: string
}

export type GeneratedCell = string | { number: number; format?: string }

export type Field = 'title' | 'price' | 'moq' | 'image' | 'currency' | 'units_per' | 'note'

export interface Row {
  meant: Meaning
  cells: Readonly<Record<Field, GeneratedCell>>
  steps: readonly GeneratedCell[]
}

export function rowOf(plan: Plan, index: number): Row {
  const { dice, language, pack, form } = plan
  const title = `${dice.one(language.titles)} ${index + 1}`
  const high = dice.chance(0.5) ? dice.whole(1, 999) : dice.whole(1000, 9_999_999)
  const prices = STEPS.map((_, step) => Math.max(1, Math.round(high * (1 - step * 0.1))))
  const [, , low = high] = prices
  const isUnknown = form === 'single' && dice.chance(0.08)
  const isSpan = form !== 'single'
  const moq = minimumOf(plan)
  const address = `https://cbu01.alicdn.com/img/${index}.jpg`
  const meant: Meaning = {
    title,
    price: isUnknown ? null : { low: isSpan ? low : high, high },
    currency: plan.currency.code,
    pack: pack?.pieces ?? 1,
    steps: form === 'ladder' || form === 'columns' ? STEPS.map((from, step) => [from, prices[step] ?? high]) : [],
    moq: moq.pieces,
    image: plan.floats ? `photo${index}` : address,
  }
  const price = isUnknown ? dice.one(language.unknown) : priceCell(plan, prices, high, low)
  return {
    meant,
    cells: {
      title,
      price,
      moq: moq.cell,
      image: plan.floats ? '' : address,
      currency: plan.currencyAt === 'column' ? plan.currency.code : '',
      units_per: plan.quantity === 'cartons' || plan.packAt === 'column name' ? String(pack?.pieces ?? 24) : '',
      note: '',
    },
    steps: form === 'columns' ? prices.map(each => amount(plan, each)) : [],
  }
}

/** With the currency, where the cell has it. */
function amount({ dice, habit, currency, currencyAt, isXlsx }: Plan, hundredths: number): GeneratedCell {
  if (currencyAt === 'format') return { number: hundredths / 100, format: dice.one(currency.formats) }
  const text = written(hundredths, habit)
  if (currencyAt === 'sign') return `${dice.one(currency.signs)}${text}`
  if (currencyAt === 'suffix') return `${text}${dice.one(currency.suffixes)}`
  return isXlsx && dice.chance(0.5) ? { number: hundredths / 100 } : text
}

function priceCell(plan: Plan, prices: readonly number[], high: number, low: number): GeneratedCell {
  const { dice, form, pack, packAt } = plan
  const textOf = (cell: GeneratedCell): string =>
    typeof cell === 'string' ? cell : written(Math.round(cell.number * 100), plan.habit)
  const plain = {
    ...plan,
    isXlsx: false,
    currencyAt: plan.currencyAt === 'format' ? ('sign' as const) : plan.currencyAt,
  }
  if (form === 'columns') return ''
  if (form === 'range')
    return `${textOf(amount(plain, low))}${dice.one(['-', ' - ', '~'])}${textOf(amount(plain, high))}`
  if (form === 'ladder') {
    const [colon, between] = dice.one([
      [': ', '; '],
      ['：', '\n'],
      ['+ ', '; '],
      [' pcs: ', ' | '],
    ] as const)
    return prices.map((price, step) => `${STEPS[step]}${colon}${textOf(amount(plain, price))}`).join(between)
  }
  if (pack !== null && packAt === 'cell') return `${textOf(amount(plain, high))}${dice.one(pack.per)}`
  return amount(plan, high)
}

/** A minimum order: what the cell says, and how many pieces that is. */
function minimumOf({ dice, quantity, language, pack, isXlsx, habit }: Plan): { pieces: number; cell: GeneratedCell } {
  const word = dice.one(language.pieces)
  const count = dice.one([dice.whole(1, 999), dice.whole(1, 90) * 1000])
  if (pack !== null) return { pieces: count, cell: `${count} ${word}` }
  if (quantity === 'grouped') return { pieces: count, cell: written(count * 100, habit).slice(0, -3) }
  if (quantity === 'pieces') return { pieces: count, cell: `${count} ${word}` }
  if (quantity === 'at least') return { pieces: count, cell: `≥${count}` }
  if (quantity === 'K' && count % 1000 === 0) return { pieces: count, cell: `${count / 1000}K` }
  if (quantity === 'dozens')
    return { pieces: 12 * ((count % 50) + 1), cell: `${(count % 50) + 1}${dice.one(['打', ' dozen', ' doz'])}` }
  if (quantity === 'cartons')
    return {
      pieces: 24 * ((count % 50) + 1),
      cell:
        isXlsx && dice.chance(0.3)
          ? { number: (count % 50) + 1, format: '0" ctns"' }
          : `${(count % 50) + 1}${dice.one(['箱', ' ctns', ' cartons'])}`,
    }
  return { pieces: count, cell: isXlsx && dice.chance(0.5) ? { number: count } : String(count) }
}
