/** The currency that a sheet names outside of its table: in a title, a line of terms, or a note below. */
import { codeOf, countsOtherAmounts, currenciesIn, currencyNamed, type NamedCurrency } from '../values/currency.ts'

/** `All prices in USD`, `单位：美元`: what follows names the currency of the prices. */
const STATEMENT =
  /(?:prices?|quot(?:e|ed|ation)s?|currency|报价|价格|单价|货币|币种|币别|单位|報價|單價|幣別|單位|幣種|preise?|währung|precios?|moneda|prix|devise|prezzi|valuta|preços|moeda|fiyat(?:lar)?|para birimi|цен[аы]|валюта|giá|가격|통화|価格|通貨)(?!\p{Ll}).{0,40}/giu
/** Words for money that are part of other words are not looked for in running text. */
const CLEAR =
  /(?<!\p{L})(?:USD|EUR|GBP|HKD|RMB|CNY|JPY|KRW|INR|RUB|TRY|VND|THB|AUD|CAD|SGD|TWD|BRL|MXN|CHF|PLN|AED|MYR|IDR|PHP|TL|euros?|yuan|(?:us )?dollars?|dólares|руб\p{L}*)(?!\p{L})|US\s?\$|HK\s?\$|[€£₽₺₩₫₹$¥]|美[元金]|欧元|歐元|英[镑鎊]|港[币幣元]|人民[币幣]|日元|円|卢布|元/giu
const AMOUNT = String.raw`(?:\d[\d.,]*\s*(?:${CLEAR.source})|(?:${CLEAR.source})\s*:?\s*\d)`

/**
 * @param above the texts above the header, the sheet's name included.
 * @param below those of rows that are not offers.
 * @param unsure the sign that may be of either of its currencies.
 * @returns a problem if several are named, or one whose meaning is not clear.
 */
export function currencyOfSheet(above: readonly string[], below: readonly string[], unsure: '¥' | null): NamedCurrency {
  const stated = [...above, ...below].flatMap(text => text.normalize('NFKC').match(STATEMENT) ?? []).filter(hasNoAmount)
  if (stated.some(countsOtherAmounts)) return { problem: 'counts prices in cents or thousands' }
  const statement = currencyNamed(clearIn(stated), unsure)
  if (statement !== null) return statement
  const plain = above.map(text => text.normalize('NFKC')).filter(text => !/元(?=\p{L})|(?<=\p{L})元/u.test(text))
  const mentioned = currencyNamed(clearIn(plain.filter(hasNoAmount)), unsure)
  if (mentioned !== null) return mentioned
  const amounts = currencyNamed(clearIn(plain), null)
  if (amounts === null || codeOf(amounts) === 'CNY') return null
  return { problem: 'names an amount in another currency, and not the currency of its prices' }
}

function hasNoAmount(text: string): boolean {
  return !new RegExp(AMOUNT, 'iu').test(text)
}

function clearIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap(text => [...currenciesIn((text.match(CLEAR) ?? []).join(' , ')).named]))
}
