/** What examples and templates write where a value belongs, or hosts leave there when a variable is not set. */

/** Before the part that a person should have replaced: `pmx_`, `sk-`. */
const PREFIX = '(?:[a-z][a-z0-9]{0,7}[-_])?'

const IN_PLACE_OF_KEYS: readonly RegExp[] = [
  /^(?:[$@#]?\{.*\}|\$\(.*\)|<.*>|\[.*\]|\(.*\)|([%@])\w+\1|\$[A-Z_][A-Z0-9_]*)$/,
  new RegExp(`^${PREFIX}(?:<.*>|\\{.*\\}|\\[.*\\])$`, 'i'),
  new RegExp(`^${PREFIX}(?:…|[-_.x*•#?]{3,})$`, 'i'),
  /^(?:null|undefined|none|nil|n\/?a|true|false|0|-|--|\?|todo|tbd|placeholder|dummy|example|demo|foo(?:bar)?|(?:change|replace)[-_ ]?(?:me|this))$/i,
  /^(?:(?:my|the)[-_ ]?)?(?:(?:api|access|auth|secret)[-_ ]?)?(?:key|token|secret)(?:[-_ ]?(?:goes[-_ ]?)?here)?$/i,
  /^(?:[a-z0-9]{1,8}[-_.\s]){0,2}(?:your|insert|enter|paste|replace|put)[-_.\s\w]*(?:key|token|secret|here|this)/i,
  // The name of the variable, in the place of its value.
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET)$/,
  /\p{Script=Han}/u,
]

/** Consoles show a key so, and copying from the list copies that. */
const SHORTENED = /\.{3}|…|\*{3}|•{2}/

/** For example a whole line of a file, or the header of an example. */
const WITH_NAME =
  /^(?:(?:export|set)\s+)?[\w-]*(?:key|token|secret)\s*[=:]\s*(?=[^=\s])|^(?:bearer|basic|token|apikey)\s+/i

/** In what is shown of a value, no key may be: a long run of letters and digits. */
const LIKE_A_KEY = /(?=[a-z\d]*\d)(?=[a-z\d]*[a-z])[a-z\d]{12,}/i

/** More than is shown of a value. */
const TOO_LONG = /^(.{60}).+$/su

/** What is wrong with a text in the place of a key; `null` if it may be one. */
export function problemOfKey(text: string): string | null {
  const [name] = WITH_NAME.exec(text) ?? []
  if (name !== undefined) return `begins with ${JSON.stringify(name.trim())}; only the key itself belongs here`
  if (!IN_PLACE_OF_KEYS.some(pattern => pattern.test(text))) {
    return SHORTENED.test(text) ? 'is shortened, as it is shown in a list; copy the whole key' : null
  }
  if (LIKE_A_KEY.test(text)) return 'stands in brackets; only the key itself belongs here'
  return `not filled in; ${JSON.stringify(text.replace(TOO_LONG, '$1…'))} is a placeholder`
}

/** Variables that a host or a shell should have replaced. */
const NOT_REPLACED = /\$\{[^{}]*\}|\{\{[^{}]*\}\}|^<[^<>]*>$|^\$[A-Z_]\w*|^%\w+%/i

/** The part of a value that was not filled in; `null` if there is none. */
export function placeholderIn(value: string): string | null {
  return NOT_REPLACED.exec(value)?.[0] ?? null
}
