/** What a spreadsheet's number format writes around a number: 5 with the format `0"箱"` is shown as 5箱. */

export interface ShownAround {
  before: string
  after: string
  isPercent: boolean
}

/** Quoted or escaped text, what is not text, and a currency with the language that it is written in. */
const PART = /"([^"]*)"|[\\!](.)|_.|\*.|\[\$([^\]-]*)(?:-([\da-f]*))?\]|\[[^\]]*\]|General|G\/通用格式|[0#?]|(.)/gisu
const JAPANESE = '411'

/** Of positive numbers. A format for thousands (`0,"K"`) writes its K for a number that the cell has in full. */
export function shownAround(format: string): ShownAround {
  const [positive = ''] = /^(?:"[^"]*"|\\.|[^;"\\])*/s.exec(format) ?? []
  let before = ''
  let after = ''
  let hasDigits = false
  for (const [whole, quoted, escaped, currency, language, plain] of positive.matchAll(PART)) {
    const isJapanese = language?.toLowerCase().endsWith(JAPANESE) ?? false
    const text = quoted ?? escaped ?? (currency === '¥' && isJapanese ? 'JPY' : currency) ?? literal(plain)
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
