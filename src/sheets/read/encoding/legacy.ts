/**
 * The encodings from before Unicode. Each candidate is scored by how much of what it reads is usual in its language:
 * a wrong one reads rare characters, or letters in an impossible order.
 */
import { readBytes } from '../bytes.ts'

/** Enough to be sure; all of a short file. */
const SAMPLE_BYTES = 1_000_000
/** The score of text in the right encoding is above 0.8; of a wrong one hardly above 0.5. */
const MIN_SCORE = 0.7

/** The most frequent characters of product sheets: a good part of any Chinese text, none of Korean read as Chinese. */
const FREQUENT_CHINESE = new Set(
  '标题价格图片链接店铺名称商品产起订量单位城市省份公司有限厂的色白黑红蓝绿金大小新款女男包装不锈钢保温杯布棉防晒口罩家用' +
    '广东州浙江义乌深圳杭温台福建泉永康海上山北京中国件个只条双套米手机电',
)

interface Score {
  encoding: string
  score: number
}

/** @returns `null` if none makes sense. */
export async function detectLegacyEncoding(file: string): Promise<string | null> {
  const bytes = await readSample(file)
  const scores = [scoreChinese(bytes), scoreKorean(bytes), scoreBig5(bytes), scoreJapanese(bytes)]
  const best = [...scores, scoreCyrillic(bytes), scoreLatin(bytes)].reduce((a, b) => (b.score > a.score ? b : a))
  return best.score >= MIN_SCORE ? best.encoding : null
}

async function readSample(file: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readBytes(file)) {
    // A long beginning in ASCII says nothing.
    if (size === 0 && chunk.every(byte => byte < 0x80)) continue
    chunks.push(chunk)
    size += chunk.length
    if (size >= SAMPLE_BYTES) break
  }
  return Buffer.concat(chunks)
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
    const verdict = isLead(byte) ? isUsual(byte, bytes[index + 1] ?? 0) : false
    if (isLead(byte)) index++
    all += 1
    usual += verdict === null ? 0.5 : verdict ? 1 : 0
  }
  return all === 0 ? 0 : usual / all
}

const isHighLead = (byte: number): boolean => byte >= 0x81 && byte <= 0xfe
const isHighTrail = (byte: number): boolean => byte >= 0xa1 && byte <= 0xfe

/** Level 1 of GB 2312 are the 3,755 usual characters. */
function scoreChinese(bytes: Uint8Array): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3 ? null : lead >= 0xb0 && lead <= 0xd7 && isHighTrail(trail),
  )
  return { encoding: 'gb18030', score }
}

/** Hangul lies within the usual characters of Chinese, so a Chinese text can look Korean, too: by its words it is not. */
function scoreKorean(bytes: Uint8Array): Score {
  const score = scorePairs(bytes, isHighLead, (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3 ? null : lead >= 0xb0 && lead <= 0xc8 && isHighTrail(trail),
  )
  const asChinese = [...new TextDecoder('gb18030').decode(bytes)].filter(char => char > '\u3000')
  const frequent = asChinese.filter(char => FREQUENT_CHINESE.has(char)).length
  const isChinese = frequent * 10 > asChinese.length
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
function scoreJapanese(bytes: Uint8Array): Score {
  const score = scorePairs(
    bytes,
    byte => (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc),
    lead => (lead === 0x81 ? null : lead === 0x82 || lead === 0x83 || (lead >= 0x88 && lead <= 0x97)),
  )
  return { encoding: 'shift_jis', score }
}

/** Words of Cyrillic letters: no capital follows a small letter. */
function scoreCyrillic(bytes: Uint8Array): Score {
  let letters = 0
  let breaks = 0
  let all = 0
  for (const [index, byte] of bytes.entries()) {
    if (byte < 0x80) continue
    all += 1
    if (byte < 0xc0 && byte !== 0xa8 && byte !== 0xb8) continue
    const before = bytes[index - 1] ?? 0
    const after = bytes[index + 1] ?? 0
    // Cyrillic is written in words, accents stand alone among Latin letters.
    if (before >= 0x80 || after >= 0x80 || !isAsciiLetter(before)) letters += 1
    if (byte >= 0xc0 && byte < 0xe0 && before >= 0xe0) breaks += 1
  }
  return { encoding: 'windows-1251', score: all === 0 ? 0 : (letters - 3 * breaks) / all }
}

/** At most three letters with accents in a row, in a word with letters of ASCII. */
function scoreLatin(bytes: Uint8Array): Score {
  let accents = 0
  let all = 0
  const seen = new Set<number>()
  for (let start = 0; start < bytes.length; start++) {
    if ((bytes[start] ?? 0) < 0x80) continue
    let end = start
    while ((bytes[end] ?? 0) >= 0x80) end++
    all += end - start
    const isInWord = isAsciiLetter(bytes[start - 1] ?? 0) || isAsciiLetter(bytes[end] ?? 0)
    const isWord = end - start === 1
    if (isWord || (isInWord && end - start <= 3)) {
      accents += end - start
      for (const byte of bytes.subarray(start, end)) seen.add(byte)
    }
    start = end
  }
  // Between letters these are Polish, Czech or Turkish; in Western Europe they are signs or Icelandic.
  const has = (...codes: number[]): boolean => codes.some(code => seen.has(code))
  const encoding = has(0x9c, 0x9f, 0xa3, 0xaf, 0xb3, 0xb9, 0xbf)
    ? 'windows-1250'
    : has(0xdd, 0xde, 0xf0, 0xfd, 0xfe)
      ? 'windows-1254'
      : 'windows-1252'
  return { encoding, score: all === 0 ? 0 : accents / all }
}

function isAsciiLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
