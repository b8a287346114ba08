/** Reads counts and rates as 1688 writes them: `"5万+"`, `"100+"`, `"13%"`. */

/** Often only a lower bound is given. */
export interface Count {
  /** As written, cleaned: `"5万+"`, `"12342"`. */
  text: string
  /** The number in the text; with a plus, the real one may be higher. */
  atLeast: number
}

/** Larger than any real count; a longer number is an ID. */
const LARGEST_COUNT = 1e12

/** A count between words: `已售300+件`, `成交1.2万笔`, `30天内售出500件`. */
const COUNT =
  /^(?:\p{Script=Han}{0,4}\d{1,3}[天日](?=.*\d))?[\p{Script=Han}:>≥]{0,10}?(\d{1,12}(?:\.\d{1,4})?)([千万亿kw]?)(\+?)(?:\p{Script=Han}{0,4}|pcs|sold)$/iu

/** Multipliers; `w` is often typed for 万. */
const SCALES: Readonly<Record<string, number>> = { 千: 1e3, k: 1e3, 万: 1e4, w: 1e4, 亿: 1e8 }

/**
 * Reads a count: a number, its digits, `"100+"`, `"1.2万"`, `"5万+"`, `"已售300+件"`.
 * @returns `null` for anything else: unknown stays unknown. Zero is a count.
 */
export function parseCount(raw: unknown): Count | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null
  const text = String(raw).normalize('NFKC').replaceAll(/[,\s]/g, '')
  const [matched, digits = '', scale = '', plus = ''] = COUNT.exec(text) ?? []
  if (matched === undefined) return null
  const atLeast = Math.round(Number(digits) * (SCALES[scale.toLowerCase()] ?? 1))
  const isWhole = scale !== '' || !digits.includes('.')
  return isWhole && atLeast <= LARGEST_COUNT ? { text: `${digits}${scale}${plus}`, atLeast } : null
}

/**
 * Reads a rate as a fraction: `"13%"` is 0.13, and `0.4666` or `"0.4666"` is 0.4666.
 * @returns `null` for anything outside 0 to 1, and for a number above 1 without a sign, which may or may not be a
 * percentage.
 */
export function parseRate(raw: unknown): number | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null
  const [matched, digits = '', percent] =
    /^(?:\p{Script=Han}{2,8}[\s:]*(?=[\d.]+%))?(\d{1,3}(?:\.\d{1,20})?)(%?)$/u.exec(
      String(raw).normalize('NFKC').trim(),
    ) ?? []
  if (matched === undefined) return null
  const rate = percent === '' ? Number(digits) : Number(digits) / 100
  // Four digits are a hundredth of a percent; upstreams send up to 16.
  return rate <= 1 ? Number(rate.toFixed(4)) : null
}
