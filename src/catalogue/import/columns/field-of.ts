/** The field that a column's name stands for, with the currency, the unit and the terms that such names carry. */

import { currenciesIn, currencyNamed, UNRECOGNISED } from '../values/currency.ts'
import { unitOfColumn } from '../values/pack-cell.ts'
import { unitNamed, wordsFor } from '../values/unit-words.ts'
import { asName, exactField, fieldNamed, type ImportField } from './names.ts'

/** Amounts that are not what one unit of the goods costs now. */
const OTHER_AMOUNT =
  /样品|样板|零售|市场价|总|合计|金额|运费|模具|定金|押金|目标|旧|原价|上次|建议|昨|%|(?<!\p{L})(?:samples?|muster|muestra|retail|msrp|rrp|uvp|total|subtotal|amount|freight|shipping|mou?ld|tooling|deposit|target|old|previous|last|suggested|market)(?!\p{L})|образ/iu
/** Terms of delivery, taxes and other words that leave a price a price. */
const TERMS =
  /含税|不含税|未税|含运|包邮|出厂|离岸|到岸|宁波|上海|深圳|广州|义乌|厦门|青岛|天津|盐田|(?<!\p{Script=Latin})(?:fob|exw|ex works|cif|cfr|cnf|ddp|dap|fca|shanghai|ningbo|shenzhen|guangzhou|yiwu|xiamen|qingdao|tianjin|china|incl?|including|excl?|excluding|without|with|vat|tax|mwst|iva|ht|ttc|netto|inkl|zzgl|in|en|(?<!\p{L})в(?!\p{L})|our|your|for|bulk|wholesale|qty|best|net|new|20\d\d)\.?(?!\p{Script=Latin})/giu
/** Words for goods, and those that join them to what a column has of them. */
const GOODS =
  /(?<!\p{L})(?:products?|items?|goods|produits?|productos?|prodott[oi]|produtos?|товар(?:а|ов)?|produktu|towaru|ürün|sản phẩm|artikels?|articles?|articolo|of|the|del|de|du|do|di|l|на)(?!\p{L})|商品|产品|產品|货品|상품|제품/giu
const PIECES_PER_CARTON =
  /(?<!\p{L})(?:pcs?|pieces?|units?|qty|q'ty|quantity|stück|stk|menge|pièces|qté|uds|unidades|piezas|pz|pezzi|peças|quantidade|szt|sztuk|ilość|шт|adet|cái|sl|số lượng)\.?\s*(?:\/|per|par|por|pro|w|в)\s*(?:ctns?|cartons?|cases?|box|karton\p{L}*|caja|cx|caixa|cartone|короб\p{L}*|koli|thùng)(?!\p{L})|[件个個只]\s*\/\s*箱/iu
const PER = /(?:\/|每|за\s|(?<!\p{L})(?:per|pro|je|por|par)(?!\p{L})).*$/iu

export function fieldOf(column: string): ImportField | undefined {
  const plain = separated(column).replace(/^\s*(?:\d{1,2}[.)]|[A-Z]\))\s*(?=\D)/, '')
  const known = fieldNamed(asName(plain)) ?? numbered(plain) ?? bilingual(plain) ?? repeated(plain) ?? ofGoods(plain)
  if (known === 'price') return OTHER_AMOUNT.test(plain) ? undefined : 'price'
  if (known === 'moq') return currenciesIn(plain).named.size > 0 ? undefined : 'moq'
  if (known !== undefined) return known
  if (isPrice(plain)) return 'price'
  if (isMinimum(plain)) return 'moq'
  return PIECES_PER_CARTON.test(plain) ? 'units_per' : undefined
}

/** `Style #`, and `Price 1` beside `Price 2`. */
function numbered(column: string): ImportField | undefined {
  if (/#\s*$/.test(column)) return exactField(asName(column.replace('#', 'no')))
  const first = exactField(asName(/^(.*\D)1$/.exec(column)?.[1] ?? ''))
  return first === 'price' || first === 'moq' ? first : undefined
}

/** `Bild / Picture`: the same in two languages of one script. */
function repeated(column: string): ImportField | undefined {
  const [first, ...others] = column.split(/[/|]/).map(part => exactField(asName(part)))
  return others.length > 0 && others.every(field => field === first) ? first : undefined
}

/** `Foto del producto`, `Код товара`, `상품 URL`: whose it is goes without saying. */
function ofGoods(column: string): ImportField | undefined {
  return exactField(asName(column.replaceAll(GOODS, ' ')))
}

/** `priceUSD` in words. */
export function separated(column: string): string {
  return column.normalize('NFKC').replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
}

/** `产品名称 Product Name` and `Photo / 图片`: both parts name the same field, or one of them is not known. */
function bilingual(column: string): ImportField | undefined {
  const han = column.replaceAll(/[^\p{Script=Han}]/gu, '')
  const other = column.replaceAll(/\p{Script=Han}/gu, ' ')
  if (han === '' || asName(other) === '') return undefined
  const [first, second] = [fieldNamed(han), fieldNamed(asName(other))]
  // An item is its number, or its name.
  if (first === 'title' && /^items?$/.test(asName(other))) return first
  if (first !== undefined && second !== undefined && first !== second) return undefined
  return first ?? second
}

/** `≥100`, `500+ pcs`, `100-499`, `Price (1000 pcs)`, `1K`: a quantity, then no other number than the end of its range. */
const STEP =
  /^\D*?(?:[≥>]=?\s*)?(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,7})\s*(k(?!g)|千|万)?\s*(?:[-~–—]\s*(?:\d[\d,]*\s*(?:k|千|万)?)?)?\s*[^\d.]*$/iu
const NOT_IN_WORD = String.raw`(?![\p{Script=Latin}\p{Script=Cyrillic}])`
const PIECES = `(?:${wordsFor('piece')})\\.?${NOT_IN_WORD}`
const FROM = String.raw`以上|이상|から|起|(?<!\p{L})(?:from|ab|от|desde|da|up)(?!\p{L})`
const STEP_SIGN = new RegExp(String.raw`[≥>+@~]|\d\s*[-–—]|\d\s*(?:${PIECES})|${FROM}`, 'iu')
/** Not where the number counts columns: `MOQ 1`, `Qty 2`. */
const QUANTITY = /(?<!\p{L})(?:qty|moq)(?!\p{L})/iu

/** Of a name that has a step, all but what the prices are. */
const STEP_WORDS = new RegExp(
  String.raw`[≥>+@=~–—-]|[\d.,]+\s*(?:k|千|万)?\s*(?:${PIECES})?|${FROM}|件|个|(?<!\p{L})(?:pcs|pieces|units?|qty|moq|to|and|at|or more)(?!\p{L})`,
  'giu',
)

/** The quantity from which on the prices of a column hold; `null` if its name has none. */
export function stepOf(column: string): number | null {
  const plain = column.normalize('NFKC')
  const [, digits, scale = ''] = STEP.exec(plain) ?? []
  const isYear = /^(?:19|20)\d\d$/.test(digits ?? '') && !STEP_SIGN.test(plain)
  if (digits === undefined || isYear || unitOfColumn(plain)?.size === Number(digits)) return null
  const times = scale === '' ? 1 : scale === '万' ? 10_000 : 1000
  const from = Number(digits.replaceAll(',', '')) * times
  return from >= 1 && (STEP_SIGN.test(plain) || from >= 10) ? from : null
}

/** `FOB Price USD`, `单价USD（含税）`, `US$/pc`, `Price per carton`. */
function isPrice(column: string): boolean {
  if (OTHER_AMOUNT.test(column)) return false
  const { named, rest } = currenciesIn(column)
  const from = stepOf(column)
  const name = rest
    .replaceAll(/[([【].*?[)\]】]/g, ' ')
    .replace(PER, '')
    .replaceAll(TERMS, ' ')
  const left = asName(from === null ? name : name.replaceAll(STEP_WORDS, ' '))
  if (from !== null && left === '') return STEP_SIGN.test(column) || QUANTITY.test(column)
  // Peso is a weight in three languages.
  const namesMoney = currencyNamed(named, null) !== null && !named.has(UNRECOGNISED)
  if (left === '' || left === 'unit') return namesMoney || /fob|exw|cif|ddp/i.test(column)
  return fieldNamed(left) === 'price'
}

/** `MOQ (ctns)`, `MOQ pcs`, `MOQ per colour`. */
function isMinimum(column: string): boolean {
  if (currenciesIn(column).named.size > 0) return false
  const name = column.replace(PER, '').trim()
  const words = name.split(/[\s,]+/)
  const shorter = unitNamed(words.at(-1) ?? '') === null ? name : words.slice(0, -1).join(' ')
  return fieldNamed(asName(name)) === 'moq' || fieldNamed(asName(shorter)) === 'moq'
}
