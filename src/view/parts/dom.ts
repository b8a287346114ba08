/** Builds elements. Children are text or elements, never markup, because listing text is hostile. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** `true` is an attribute without a value; `false` and `undefined` leave it out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (string | Node | null)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter(child => child !== null))
  return element
}

export function button(
  className: string,
  label: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const element = h('button', { type: 'button', class: className, ...attributes }, label)
  element.addEventListener('click', onClick)
  return element
}

/** What is known of several facts, on one line. */
export function factsLine(...facts: readonly (string | null)[]): string {
  return facts.filter(fact => fact !== null).join(' · ')
}

export function notes(...texts: readonly (string | null)[]): HTMLElement[] {
  return texts.filter(text => text !== null).map(text => h('p', { class: 'note' }, text))
}

/** Listing text, marked as Chinese for fonts and screen readers. */
export function listingText<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, text: string) {
  return h(tag, { class: className, lang: 'zh-CN', dir: 'auto' }, text)
}
