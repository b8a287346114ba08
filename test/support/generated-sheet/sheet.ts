/** Quote sheets made at random, as buyers have them, each with what it means. */
import { encodeText } from '../encode-text.ts'
import { diceOf, type Plan, planOf, STEPS } from './plan.ts'
import { type Field, type GeneratedCell, type Meaning, type Row, rowOf } from './row.ts'
import type { Encoding } from './words.ts'

export interface GeneratedSheet {
  kind: 'csv' | 'xlsx'
  encoding: Encoding
  delimiter: string
  /** Sheets before it: instructions, hidden ones. */
  before: readonly { name: string; hidden: boolean; rows: string[][] }[]
  rows: readonly (readonly GeneratedCell[])[]
  merges: readonly string[]
  /** Pictures that float, with row and column counted from 0. */
  pictures: readonly { name: string; row: number; column: number }[]
  meant: readonly Meaning[]
  /** Index of the first offer in `rows`. */
  first: number
}

export function generateSheet(seed: number): GeneratedSheet {
  const dice = diceOf(seed)
  const plan = planOf(dice)
  const { language, isXlsx, currency, currencyAt, form } = plan
  const made = Array.from({ length: dice.whole(2, 6) }, (_, index) => rowOf(plan, index))
  const fields = fieldsOf(plan, made)
  const name = priceName(plan)
  const names: Record<Field, string> = {
    title: dice.one(language.title),
    price: name,
    moq: dice.one(language.moq),
    image: dice.one(language.image),
    currency: 'Currency',
    units_per: 'Qty/ctn',
    note: 'Remark',
  }
  const isTwoLevel = form === 'columns' && dice.chance(0.5)
  const spread = <T>(of: (field: Field) => T, steps: readonly T[]): T[] =>
    fields.flatMap(field => (field === 'price' && form === 'columns' ? steps : [of(field)]))
  const stepNames = STEPS.map(from => dice.one([`${from}+`, `${from} pcs`, `≥${from}`]))
  const header: string[][] = isTwoLevel
    ? [spread(field => names[field], [name, '', '']), spread(() => '', stepNames)]
    : [
        spread(
          field => names[field],
          stepNames.map(step => `${name} ${step}`),
        ),
      ]
  const stated =
    currencyAt === 'title' ? [`${dice.one(['All prices in', 'Currency:', '报价币种：'])} ${currency.names[0]}`] : []
  const above = [...Array.from({ length: dice.whole(0, 2) }, () => dice.one(language.above)), ...stated].map(text => [
    text,
  ])
  const rows = [...above, ...header, ...made.map(({ cells, steps }) => spread(field => cells[field], steps))]
  const first = above.length + header.length
  const column =
    fields.indexOf('image') +
    (form === 'columns' && fields.indexOf('price') < fields.indexOf('image') ? STEPS.length - 1 : 0)
  return {
    kind: isXlsx ? 'xlsx' : 'csv',
    encoding: isXlsx ? 'utf-8' : encodingOf(plan, rows),
    delimiter: plan.habit.decimal === ',' ? dice.one([';', '\t']) : dice.one([',', ';', '\t']),
    before:
      isXlsx && dice.chance(0.3)
        ? [
            {
              name: 'Read me',
              hidden: dice.chance(0.5),
              rows: [['Instructions'], ['1. Do not change the header'], ['title', 'the name']],
            },
          ]
        : [],
    rows: dice.chance(0.2) ? [...rows, [dice.one(language.above)]] : rows,
    merges: isTwoLevel ? mergesOf(fields, above.length) : [],
    pictures: plan.floats ? made.map(({ meant }, index) => ({ name: meant.image, row: first + index, column })) : [],
    meant: made.map(({ meant }) => meant),
    first,
  }
}

/** One that has all characters. */
function encodingOf({ dice, language }: Plan, rows: readonly (readonly GeneratedCell[])[]): Encoding {
  const text = JSON.stringify(rows)
  const isWhole = (encoding: Encoding): boolean =>
    encoding.startsWith('utf') || new TextDecoder(encoding).decode(encodeText(text, encoding)) === text
  return dice.one(language.encodings.filter(isWhole))
}

function fieldsOf({ dice, currencyAt, quantity, packAt }: Plan, rows: readonly Row[]): Field[] {
  const fields: Field[] = ['title', 'price', 'moq', 'image', 'note']
  if (currencyAt === 'column') fields.push('currency')
  if (quantity === 'cartons' || packAt === 'column name') fields.push('units_per')
  for (let last = fields.length - 1; last > 0; last--) {
    const other = dice.whole(0, last)
    const [a, b] = [fields[last], fields[other]]
    if (a !== undefined && b !== undefined) [fields[last], fields[other]] = [b, a]
  }
  return rows.length > 0 ? fields : []
}

function priceName({ dice, language, currency, currencyAt, pack, packAt }: Plan): string {
  const name = `${dice.one(language.price)}${pack !== null && packAt === 'column name' ? dice.one<string>(pack.names) : ''}`
  if (currencyAt !== 'column name') return name
  const code = dice.one<string>(currency.names)
  return dice.one([`${name} (${code})`, `${name}（${code}）`, `${name}, ${code}`])
}

/** The upper cells of columns without steps, and the group over the steps. */
function mergesOf(fields: readonly Field[], top: number): string[] {
  const letter = (column: number): string => String.fromCharCode(65 + column)
  let column = 0
  return fields.map(field => {
    const start = column
    column += field === 'price' ? STEPS.length : 1
    return field === 'price'
      ? `${letter(start)}${top + 1}:${letter(column - 1)}${top + 1}`
      : `${letter(start)}${top + 1}:${letter(start)}${top + 2}`
  })
}
