/** Writes HTML: a template whose every inserted text is escaped, so that listing text stays text. */

/** Markup of our own, or made by {@link html}. */
export class Html {
  readonly markup: string

  /** @param markup must not hold any text of others. */
  constructor(markup: string) {
    this.markup = markup
  }
}

/** What can be inserted: text and numbers are escaped, markup is kept, `null` leaves nothing. */
export type Insert = string | number | Html | null | readonly Insert[]

/** Markup with inserted values; attributes have to be written in double quotes. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return new Html(strings.map((text, index) => text + toMarkup(inserts[index] ?? null)).join(''))
}

function toMarkup(insert: Insert): string {
  if (insert === null) return ''
  if (insert instanceof Html) return insert.markup
  if (typeof insert === 'object') return insert.map(toMarkup).join('')
  return String(insert).replaceAll(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`)
}
