/** Encodings with two bytes for each character, of Chinese, Japanese and Korean. */
import type { Score } from './alphabets.ts'

/** The most frequent characters of product sheets: a good part of any Chinese text, none of another read as Chinese. */
const FREQUENT_CHINESE = new Set(
  '标题价格图片链接店铺名称商品产起订量单位城市省份公司有限厂的色白黑红蓝绿金大小新款女男包装不锈钢保温杯布棉防晒口罩家用' +
    '广东州浙江义乌深圳杭温台福建泉永康海上山北京中国件个只条双套米手机电',
)

export function scoreCharacters(bytes: Uint8Array): Score[] {
  const isChinese = hasFrequentChinese(bytes)
  return [
    scoreChinese(bytes, isChinese),
    scoreKorean(bytes, isChinese),
    scoreBig5(bytes),
    scoreShiftJis(bytes),
    scoreEucJp(bytes, isChinese),
  ]
}

/** The share of usual characters. One that `isUsual` calls null, such as punctuation, counts half. */
function scorePairs(
  bytes: Uint8Array,
  isLead: (byte: number) => boolean,
  isUsual: (lead: number, trail: number) => boolean | null,
): number {
  let usual = 0
  let all = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte < 0x80) continue
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

function hasFrequentChinese(bytes: Uint8Array): boolean {
  const asChinese = [...new TextDecoder('gb18030').decode(bytes)].filter(char => char > '\u3000')
  return asChinese.filter(char => FREQUENT_CHINESE.has(char)).length * 10 > asChinese.length
}

/** Level 1 of GB 2312 are the 3,755 usual characters. */
function scoreChinese(bytes: Uint8Array, isChinese: boolean): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3 ? null : lead >= 0xb0 && lead <= 0xd7 && isHighTrail(trail),
  )
  return { encoding: 'gb18030', score: isChinese ? score : score - 0.02 }
}

/** Hangul lies within the usual characters of Chinese, so a Chinese text can look Korean, too: by its words it is not. */
function scoreKorean(bytes: Uint8Array, isChinese: boolean): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3 ? null : lead >= 0xb0 && lead <= 0xc8 && isHighTrail(trail),
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

/** Kana and level 1 of JIS X 0208. Katakana of half a width would make sense of anything. */
function scoreShiftJis(bytes: Uint8Array): Score {
  const score = scorePairs(
    bytes,
    byte => (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc),
    lead => (lead === 0x81 ? null : lead === 0x82 || lead === 0x83 || (lead >= 0x88 && lead <= 0x97)),
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
