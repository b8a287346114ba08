/** Encodings with two bytes for each character, of Chinese, Japanese and Korean. */
import type { Score } from './alphabets.ts'
import { encode } from './encode.ts'

/** The most frequent characters of product sheets: a good part of any Chinese text, none of another read as Chinese. */
const FREQUENT_CHINESE = new Set(
  '标题价格图片链接店铺名称商品产起订量单位城市省份公司有限厂的色白黑红蓝绿金大小新款女男包装不锈钢保温杯布棉防晒口罩家用' +
    '广东州浙江义乌深圳杭温台福建泉永康海上山北京中国件个只条双套米手机电' +
    '標題價圖連結鏈鋪稱產訂單廠紅藍綠鏽鋼溫裝個條雙機',
)

export function scoreCharacters(bytes: Uint8Array): Score[] {
  const isChinese = isUsualChinese(new TextDecoder('gb18030').decode(bytes))
  return [
    scoreChinese(bytes, isChinese),
    scoreKorean(bytes, isChinese),
    scoreBig5(bytes),
    scoreShiftJis(bytes, isChinese),
    scoreEucJp(bytes, isChinese),
  ]
}

/**
 * The share of usual characters. One that `isUsual` calls null, such as punctuation, counts half.
 * @param runFrom how many usual characters of one byte begin at an index.
 */
function scorePairs(
  bytes: Uint8Array,
  isLead: (byte: number) => boolean,
  isUsual: (lead: number, trail: number) => boolean | null,
  runFrom: (index: number) => number = () => 0,
): number {
  let usual = 0
  let all = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte < 0x80) continue
    const run = runFrom(index)
    if (run > 0) {
      index += run - 1
      all += run
      usual += run
      continue
    }
    const trail = bytes[index + 1] ?? 0
    // A letter with an accent, in a word.
    const isInWord = isAsciiLetter(bytes[index - 1] ?? 0) && isAsciiLetter(trail)
    const verdict = isLead(byte) && !isInWord ? isUsual(byte, trail) : false
    if (isLead(byte)) index++
    all += 1
    usual += verdict === null ? 0.5 : verdict ? 1 : 0
  }
  return all === 0 ? 0 : usual / all
}

const isAsciiLetter = (byte: number): boolean => /[a-z]/i.test(String.fromCharCode(byte))
const isHighLead = (byte: number): boolean => byte >= 0x81 && byte <= 0xfe
const isHighTrail = (byte: number): boolean => byte >= 0xa1 && byte <= 0xfe

export function isUsualChinese(text: string): boolean {
  const characters = [...text].filter(char => char > '\u3000')
  return characters.filter(char => FREQUENT_CHINESE.has(char)).length * 10 > characters.length
}

/** Level 1 of GB 2312 are the 3,755 usual characters; traditional ones, which GBK has as well, are those of Big5. */
function scoreChinese(bytes: Uint8Array, isChinese: boolean): Score {
  const isSimplified = (lead: number, trail: number): boolean => lead >= 0xb0 && lead <= 0xd7 && isHighTrail(trail)
  const scoreOf = (isUsual: (lead: number, trail: number) => boolean): number =>
    scorePairs(bytes, isHighLead, (lead, trail) => (lead >= 0xa1 && lead <= 0xa3 ? null : isUsual(lead, trail)))
  const score = scoreOf(isSimplified)
  if (!isChinese) return { encoding: 'gb18030', score: score - 0.02 }
  const codes = traditionalCodes()
  const ofBoth = scoreOf((lead, trail) => isSimplified(lead, trail) || codes.has((lead << 8) | trail))
  return { encoding: 'gb18030', score: Math.max(score, ofBoth) }
}

let traditional: ReadonlySet<number> | undefined

/** In GBK, of level 1 of Big5. */
function traditionalCodes(): ReadonlySet<number> {
  if (traditional) return traditional
  const codes = new Set<number>()
  for (let lead = 0xa4; lead <= 0xc6; lead++) {
    const trails = Array.from({ length: 0xbf }, (_, index) => 0x40 + index)
    const level = new TextDecoder('big5').decode(Uint8Array.from(trails.flatMap(trail => [lead, trail])))
    for (const character of level.match(/\p{Script=Han}/gu) ?? []) {
      const [first, second] = encode(character, 'gb18030') ?? []
      if (first !== undefined && second !== undefined) codes.add((first << 8) | second)
    }
  }
  traditional = codes
  return codes
}

/**
 * Hangul lies within the usual characters of Chinese, so a Chinese text can look Korean, too: by its words it is not. A few
 * Chinese characters are usual in Korean.
 */
function scoreKorean(bytes: Uint8Array, isChinese: boolean): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    (lead >= 0xa1 && lead <= 0xa3) || lead >= 0xca ? null : lead >= 0xb0 && lead <= 0xc8 && isHighTrail(trail),
  )
  // Above Chinese, whose score is as high for such a text.
  return { encoding: 'euc-kr', score: isChinese ? 0 : score + 0.01 }
}

/** Level 1 of Big5 are the 5,401 usual characters. Half of its trailing bytes are ASCII, which no Chinese text has. */
function scoreBig5(bytes: Uint8Array): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3 ? null : lead >= 0xa4 && lead <= 0xc6 && (isHighTrail(trail) || isAsciiTrail(trail)),
  )
  return { encoding: 'big5', score }
}

const isAsciiTrail = (byte: number): boolean => byte >= 0x40 && byte <= 0x7e

/** Katakana of half a width: voiced where they can be, then small ones, then the sign for a long vowel. */
const HALF_WIDTH =
  /(?:(?:[\xb3\xb6-\xc4]\xde?|[\xca-\xce][\xde\xdf]?|[\xa6\xb1-\xdd])[\xa7-\xaf]{0,2}\xb0?|[\xa1-\xa5])+/g
/** No other alphabet has letters in their place, and every twentieth kana is one of them. */
const SMALL = /[\xa7-\xb0]/g

/** Where there are several in a row, and how many. */
function halfWidthKana(bytes: Uint8Array): Map<number, number> {
  const text = Buffer.from(bytes).toString('latin1')
  const runs = [...text.matchAll(HALF_WIDTH)].filter(
    ({ index, 0: run }) => run.length > 2 && !/[a-z\xa1-\xff]/i.test(text.charAt(index + run.length)),
  )
  const kana = runs.map(([run]) => run).join('')
  const isJapanese = (kana.match(SMALL)?.length ?? 0) * 20 >= kana.length
  return new Map(isJapanese ? runs.map(({ index, 0: run }) => [index, run.length]) : [])
}

/** Kana and level 1 of JIS X 0208. */
function scoreShiftJis(bytes: Uint8Array, isChinese: boolean): Score {
  const runs = isChinese ? new Map<number, number>() : halfWidthKana(bytes)
  const score = scorePairs(
    bytes,
    byte => (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc),
    lead => (lead === 0x81 ? null : lead === 0x82 || lead === 0x83 || (lead >= 0x88 && lead <= 0x97)),
    index => runs.get(index) ?? 0,
  )
  return { encoding: 'shift_jis', score }
}

/** The same characters, of which Chinese has other ones in most places. */
function scoreEucJp(bytes: Uint8Array, isChinese: boolean): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3
      ? null
      : isHighTrail(trail) && (lead === 0xa4 || lead === 0xa5 || (lead >= 0xb0 && lead <= 0xcf)),
  )
  return { encoding: 'euc-jp', score: isChinese ? 0 : score }
}
