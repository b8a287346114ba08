/** What all rows of a generated sheet have in common. */
import { seededRandom } from '../seeded-random.ts'
import { LANGUAGES, type Language } from './words.ts'

/** How a sheet writes numbers with decimals. */
export const HABITS = [
  { group: '', decimal: '.' },
  { group: ',', decimal: '.' },
  { group: '', decimal: ',' },
  { group: '.', decimal: ',' },
  { group: ' ', decimal: ',' },
] as const

export const CURRENCIES = [
  {
    code: 'CNY',
    names: ['RMB', '元', '¥', 'CNY'],
    signs: ['¥', 'RMB '],
    suffixes: ['元', ' RMB'],
    formats: ['"¥"#,##0.00', '[$¥-804]#,##0.00'],
  },
  {
    code: 'USD',
    names: ['USD', '$', 'US$'],
    signs: ['$', 'US$', 'USD '],
    suffixes: [' USD', '$'],
    formats: ['"$"#,##0.00', '[$$-409]#,##0.00', '[$USD] 0.00'],
  },
  {
    code: 'EUR',
    names: ['EUR', '€'],
    signs: ['€', 'EUR '],
    suffixes: [' €', ' EUR'],
    formats: ['#,##0.00\\ "€"', '[$€-407] #,##0.00'],
  },
  { code: 'AUD', names: ['AUD', 'A$'], signs: ['A$', 'AUD '], suffixes: [' AUD'], formats: ['[$A$]#,##0.00'] },
  {
    code: 'RUB',
    names: ['руб.', '₽', 'RUB'],
    signs: ['₽'],
    suffixes: [' руб.', ' ₽', 'р.'],
    formats: ['#,##0.00\\ "₽"'],
  },
  { code: 'TRY', names: ['TL', '₺'], signs: ['₺'], suffixes: [' TL'], formats: ['#,##0.00" TL"'] },
  { code: 'JPY', names: ['円', 'JPY'], signs: ['JPY '], suffixes: ['円'], formats: ['[$¥-411]#,##0'] },
] as const

export const PACKS = [
  { pieces: 12, per: ['/打', '/dozen', ' per dozen', '/doz.'], names: [' per dozen', '/打'] },
  { pieces: 24, per: ['/箱(24件)', ' per carton of 24', '/24 pcs'], names: [' per carton', '/箱'] },
  { pieces: 6, per: [' per set of 6', '/6pcs'], names: [] },
  { pieces: 1000, per: ['/千个', ' per 1000 pcs', '/1000'], names: [] },
] as const

export interface Dice {
  chance(share: number): boolean
  whole(low: number, high: number): number
  one<T>(list: readonly T[]): T
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed)
  const whole = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1))
  return {
    chance: share => random() < share,
    whole,
    one: list => {
      const item = list[whole(0, list.length - 1)]
      if (item === undefined) throw new Error('nothing to choose from')
      return item
    },
  }
}

export type Habit = (typeof HABITS)[number]

export function written(hundredths: number, { group, decimal }: Habit): string {
  const whole = String(Math.floor(hundredths / 100)).replaceAll(/\B(?=(?:\d{3})+$)/g, group)
  return `${whole}${decimal}${String(hundredths % 100).padStart(2, '0')}`
}

/** What all rows of a sheet have in common. */
export interface Plan {
  dice: Dice
  language: Language
  isXlsx: boolean
  habit: Habit
  currency: (typeof CURRENCIES)[number]
  currencyAt: 'column name' | 'column' | 'sign' | 'suffix' | 'format' | 'title' | 'none'
  pack: (typeof PACKS)[number] | null
  packAt: 'cell' | 'column name' | 'none'
  form: 'single' | 'range' | 'ladder' | 'columns'
  quantity: 'plain' | 'grouped' | 'pieces' | 'at least' | 'K' | 'dozens' | 'cartons'
  floats: boolean
}

export const STEPS = [100, 500, 1000] as const

export function planOf(dice: Dice): Plan {
  const language = dice.one(LANGUAGES)
  const isXlsx = dice.chance(0.5)
  const currency = dice.chance(0.5) ? CURRENCIES[0] : dice.one(CURRENCIES)
  const places = [
    'column name',
    'column',
    'sign',
    'suffix',
    'title',
    ...(isXlsx ? ['format' as const] : []),
    ...(currency.code === 'CNY' ? ['none' as const] : []),
  ] as const
  const form = dice.one(['single', 'single', 'single', 'range', 'ladder', 'columns'] as const)
  const pack = form === 'single' && dice.chance(0.25) ? dice.one(PACKS) : null
  return {
    dice,
    language,
    isXlsx,
    habit: dice.one(HABITS),
    currency,
    currencyAt: dice.one(places),
    pack,
    packAt: pack === null ? 'none' : pack.names.length > 0 && dice.chance(0.4) ? 'column name' : 'cell',
    form,
    quantity: dice.one(['plain', 'grouped', 'pieces', 'at least', 'K', 'dozens', 'cartons'] as const),
    floats: isXlsx && dice.chance(0.4),
  }
}
