/** Which currency a text names: by code, sign or word, in the languages that buyers and suppliers write. */

/** Written in capitals, since several are words. Left out are those that a sheet rather means as words: ALL, CUP, PEN, TOP. */
const CODES =
  'AED ARS AUD BDT BGN BRL CAD CHF CLP CNH CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR JOD JPY KES KRW KWD KZT ' +
  'LKR MAD MXN MYR NGN NOK NTD NZD OMR PHP PKR PLN QAR RMB RON RUB SAR SEK SGD THB TRY TWD UAH USD UZS VND ZAR'
const SAME: Readonly<Record<string, string>> = { RMB: 'CNY', CNH: 'CNY', NTD: 'TWD' }

/** Signs that several currencies share. */
const DOLLAR = '$'
const YEN_OR_YUAN = '¥'
const DOLLARS = new Set(['USD', 'AUD', 'CAD', 'HKD', 'NZD', 'SGD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP'])
const YENS = new Set(['CNY', 'JPY'])
/** Of any currency. */
const ANY = '¤'
export const UNRECOGNISED = '?'

/** Not inside a longer word; Chinese has no spaces between words. */
const whole = (words: string): string =>
  String.raw`(?<![\p{Script=Latin}\p{Script=Cyrillic}])(?:${words})(?![\p{Script=Latin}\p{Script=Cyrillic}])`

/** In this order: 港元 contains 元, and US$ contains S$. */
const NAMES: readonly (readonly [code: string, pattern: RegExp])[] = (
  [
    ['USD', String.raw`US\s?\$|\$\s?US(?:D|(?!\p{L}))|U\$S?|${whole('usd|us dollars?')}|美元|美金|米ドル`],
    ['HKD', String.raw`HK\s?\$|${whole('hkd')}|港[币元幣圓]`],
    ['TWD', String.raw`NT\s?\$|${whole('twd')}|新?[台臺][币幣]`],
    ['AUD', String.raw`(?<!\p{L})AU?\s?\$|澳[元币]`],
    ['CAD', String.raw`(?<!\p{L})CA?\s?\$|加元`],
    ['SGD', String.raw`(?<!\p{L})SG?\s?\$|新加坡元|新币`],
    ['NZD', String.raw`NZ\s?\$|纽[元币]`],
    ['BRL', String.raw`(?<!\p{L})R\s?\$|${whole('reais')}`],
    ['MXN', String.raw`MX\s?\$`],
    ['EUR', `€|${whole('eur|euros?|евро')}|欧元|歐元|유로|ユーロ|يورو`],
    ['GBP', `£|${whole('gbp|(?:pounds? )?sterling')}|英[镑鎊]`],
    ['JPY', `JP\\s?¥|${whole('jpy|yen')}|円(?!形)|日[元圆圓円币]`],
    ['KRW', `₩|${whole('krw')}|[韩韓][元圆圓币]|(?<=[\\d\\s(]|^)원(?!\\p{L})`],
    ['INR', `₹|${whole('inr')}`],
    ['RUB', `₽|${whole('rub|руб(?:л\\p{L}*)?')}\\.?|(?<=\\d\\s?)р(?:\\.|(?!\\p{L}))|[卢盧]布`],
    ['TRY', `₺|${whole('tl|(?:türk )?liras?ı?')}|土耳其里拉`],
    ['VND', `₫|${whole('vnd|vnđ|đ|đồng')}|越南盾`],
    ['THB', `฿|${whole('thb|baht')}|บาท|泰[铢銖]`],
    ['IDR', `${whole('idr|rp|rupiah')}\\.?|印尼盾`],
    ['MYR', `${whole('myr|rm|ringgit')}|马币|令吉`],
    ['PLN', whole('zł|złot\\p{L}*')],
    ['CZK', whole('kč')],
    ['UAH', `₴|${whole('грн')}\\.?`],
    ['KZT', `₸|${whole('тенге')}`],
    ['CHF', `${whole('sfr|franken')}\\.?|瑞士法郎`],
    ['AED', `${whole('dirhams?')}|迪拉姆`],
    ['ILS', '₪'],
    ['PHP', '₱'],
    ['NGN', `₦|${whole('naira')}`],
    ['BDT', `৳|${whole('taka')}`],
    ['RON', whole('lei|leu')],
    ['BGN', `${whole('лв|лева')}\\.?`],
    ['HUF', whole('forints?')],
    ['KES', `${whole('kshs?')}\\.?`],
    ['ZAR', whole('rand')],
    [
      'CNY',
      `CN\\s?¥|¥\\s?(?:CNY|RMB)|人民[币幣]|${whole('rmb|cny|cnh|yuan|renminbi|юан\\p{L}*|tệ|ndt')}|위안|يوان|หยวน|יואן|युआन|元|(?<=\\d\\s?)[圆圓]|(?<![/每])[块塊](?:钱|錢|(?!\\p{L}))`,
    ],
    [YEN_OR_YUAN, '¥'],
    [DOLLAR, `\\$|${whole('dollars?|dólar(?:es)?|доллар\\p{L}*')}|달러|ドル|دولار|ดอลลาร์`],
    [ANY, ANY],
    [
      UNRECOGNISED,
      `\\p{Sc}|[卢盧]比|比索|第纳尔|里亚尔|克朗|法郎|${whole('rs|rupees?|kr|kron\\p{L}*|pesos?|dinars?|rials?|riyals?|fr|francs?|shillings?|soles|лей')}\\.?`,
    ],
  ] as const
).map(([code, words]) => [code, new RegExp(words, 'giu')] as const)

/** `港币9.5元`, `5块美金`: the word for a yuan is that for a unit of any currency. */
const WORD_OF_ANOTHER =
  '(?:美[元金]|港[币幣]|新?[台臺][币幣]|日[币幣]|[韩韓][币幣]|澳[币幣]|加[币幣]|[欧歐]元|英[镑鎊]|新加坡[币幣])'
const OF_ANOTHER = new RegExp(
  String.raw`(${WORD_OF_ANOTHER}\s*:?\s*\d[\d.,]*)\s*[元圆圓块塊]|(?<=\d\s*)[元块塊](${WORD_OF_ANOTHER})`,
  'gu',
)

const CODE = new RegExp(whole(CODES.replaceAll(' ', '|')), 'gu')

export interface CurrenciesIn {
  /** Codes, and signs that several currencies share. */
  named: ReadonlySet<string>
  /** The text without them. */
  rest: string
}

export function currenciesIn(text: string): CurrenciesIn {
  const named = new Set<string>()
  let rest = text.normalize('NFKC').replaceAll(OF_ANOTHER, '$1$2')
  for (const [code, pattern] of NAMES.slice(0, -4)) rest = take(rest, pattern, () => named.add(code))
  rest = take(rest, CODE, code => named.add(SAME[code] ?? code))
  for (const [code, pattern] of NAMES.slice(-4)) rest = take(rest, pattern, () => named.add(code))
  return { named, rest: rest.replaceAll(/ {3,}/g, '  ') }
}

function take(text: string, pattern: RegExp, onFound: (found: string) => void): string {
  return text.replaceAll(pattern, found => {
    onFound(found)
    // Two spaces: 1¥200 is not 1 200.
    return '  '
  })
}

/** Cents, jiao, thousands and ten thousands of a currency. */
const OTHER_AMOUNTS =
  /(?<!\p{L})cents?(?!\p{L})|¢|美分|[千万萬]\s*[元円日美]|(?<=[(\s/])[分角毛](?=[)\s]|$)|천\s*원|(?<!\p{L})(?:k|tsd|thousands?|nghìn|ngàn|тыс)\.?\s*(?:of )?(?:usd|eur|vnd|đ|rmb|cny|yuan|rub|руб|[$€¥])|(?:usd|eur|vnd|rmb|cny|rub|руб|krw|idr)\s*(?:k|'?000)(?!\p{L})/iu

/** Whether what a name or a line says of prices is about other amounts than whole units of a currency. */
export function countsOtherAmounts(text: string): boolean {
  return OTHER_AMOUNTS.test(text.normalize('NFKC'))
}

/** `null` if nothing is named; otherwise the code, or why there is none. */
export type NamedCurrency = { code: string } | { problem: string } | null

export function codeOf(currency: NamedCurrency): string | null {
  return currency && 'code' in currency ? currency.code : null
}

/**
 * @param named what {@link currenciesIn} found.
 * @param around the currency of what stands around the text, which decides what `$` and `¥` mean; `¥` where that may be
 * either of its two.
 */
export function currencyNamed(named: ReadonlySet<string>, around: string | null): NamedCurrency {
  const codes = new Set(named)
  for (const [sign, family, usual] of [
    [DOLLAR, DOLLARS, 'USD'],
    [YEN_OR_YUAN, YENS, 'CNY'],
  ] as const) {
    if (!codes.delete(sign) || [...codes].some(code => family.has(code))) continue
    if (around === sign) return { problem: 'names ¥, which may be yen or yuan here (write JPY or CNY)' }
    codes.add(around !== null && family.has(around) ? around : usual)
  }
  if (codes.delete(ANY) && codes.size === 0) {
    if (around !== null && around !== YEN_OR_YUAN) return { code: around }
    return { problem: 'is in whatever currency the computer has that shows it' }
  }
  if (codes.size > 1) return { problem: 'names two currencies' }
  const [code] = codes
  if (code === UNRECOGNISED) return { problem: 'names a currency that is not recognised' }
  return code === undefined ? null : { code }
}

/** The code in a column of currencies, where any three letters are one. */
export function currencyInColumn(text: string, around: string | null): NamedCurrency {
  const plain = text.normalize('NFKC').trim()
  if (/^(?:|-+|—+|\/|n\/?a|none|null)$/i.test(plain)) return null
  const named = currencyNamed(currenciesIn(plain).named, around)
  if (named !== null) return named
  return /^[a-z]{3}$/i.test(plain)
    ? { code: plain.toUpperCase() }
    : { problem: 'is in a currency that is not recognised' }
}
