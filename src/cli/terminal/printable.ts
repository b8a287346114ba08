/** Characters that a terminal obeys instead of showing them. */

/** C1 controls (some terminals read U+009B as ESC [) and bidirectional controls, which reorder what a person reads. */
const NEVER_OURS = /[\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** All of them, including those with which we draw. */
const CONTROLS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** For a whole output, which may contain colours and pictures of our own. */
export function printable(text: string): string {
  return text.replaceAll(NEVER_OURS, '')
}

/** For a single line of text that comes from elsewhere. */
export function printableLine(text: string): string {
  return text.replaceAll(CONTROLS, '')
}
