/** Whether `¥` may stand for yen: in a sheet that is written in Japanese, or that names yen elsewhere. */

/** A single kana decorates Chinese names. */
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]{2}/u
const YEN = /円(?!形)|日[圆圓円]|日元(?:[价價]|(?!\p{L}))|(?<!\p{L})(?:JPY|yen)(?!\p{L})/iu
/** Of the rows, a quarter: others may be of Japanese brands. */
const MIN_SHARE = 4

/** @param around names of columns, and texts outside of the table. */
export function createYenHints(around: readonly string[]) {
  let isSure = around.some(text => hints(KANA, text) || hints(YEN, text))
  let japanese = 0
  let rows = 0
  return {
    /** The cells of a row. */
    add(texts: readonly string[]): void {
      rows += 1
      const text = texts.join(' ')
      if (hints(KANA, text)) japanese += 1
      isSure ||= hints(YEN, text)
    },
    mayBeYen: (): boolean => isSure || (japanese > 0 && japanese * MIN_SHARE >= rows),
  }
}

/** Katakana of half a width are letters like the others. */
function hints(pattern: RegExp, text: string): boolean {
  return pattern.test(text.normalize('NFKC'))
}
