/** What a spreadsheet's number format writes around a number: 5 with the format `0"箱"` is shown as 5箱. */

export interface ShownAround {
  before: string
  after: string
  isPercent: boolean
}

/** Quoted or escaped text, what is not text, and a currency with the language that it is written in. */
const PART =
  /"([^"]*)"|[\\!](.)|_.|\*.|\[\$([^\]-]*)(?:-([^\]]*))?\]|\[[^\]]*\]|General|G\/通用格式|[0#?]|E[+-]|(.)/gisu
const SHARED_SIGN = /^(?:[$¥￥]|kr\.?)$/i
/** By country and by Excel's numbers for its languages. */
const CURRENCY_OF = new Map(
  (
    'cn 804 CNY|jp 411 JPY|tw 404 TWD|hk c04 HKD|sg 1004 4809 SGD|ca 1009 c0c CAD|au c09 AUD|nz 1409 NZD|' +
    'mx 80a MXN|ar 2c0a ARS|cl 340a CLP|co 240a COP|se 41d SEK|no 414 814 NOK|dk 406 DKK'
  )
    .split('|')
    .flatMap(line => line.split(' ').map(key => [key, line.slice(-3)] as const)),
)

/** Of `404`, `1000404` and `zh-TW`. */
function currencyOf(sign: string | undefined, language = ''): string | undefined {
  if (!SHARED_SIGN.test(sign ?? '')) return undefined
  const [key = ''] = /(?<=-)[a-z]{2}$|[1-9a-f][\da-f]{2,3}$/i.exec(language) ?? []
  return CURRENCY_OF.get(key.toLowerCase())
}

/** Of positive numbers. A format for thousands (`0,"K"`) writes its K for a number that the cell has in full. */
export function shownAround(format: string): ShownAround {
  const [positive = ''] = /^(?:"[^"]*"|\\.|[^;"\\])*/s.exec(format) ?? []
  let before = ''
  let after = ''
  let hasDigits = false
  for (const [whole, quoted, escaped, currency, language, plain] of positive.matchAll(PART)) {
    const text = quoted ?? escaped ?? currencyOf(currency, language) ?? currency ?? literal(plain)
    if (/^(?:[0#?]|General|G\/通用格式)$/i.test(whole)) hasDigits = true
    else if (hasDigits) after += text
    else before += text
  }
  const isScaled = /[0#?],+(?![0#?,])/.test(positive.replaceAll(/"[^"]*"/g, '"'))
  return {
    before,
    after: isScaled ? after.replace(/^\s*(?:k|m|mn|千|万|萬)/i, '') : after,
    isPercent: /%/.test(positive.replaceAll(/"[^"]*"|\\./g, '')),
  }
}

/** Points and commas belong to the number; so does a sign. */
function literal(character: string | undefined): string {
  return character === undefined || /[.,%@+\-/]/.test(character) ? '' : character
}
