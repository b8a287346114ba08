/** Parsers for the values of options. */
import * as z from 'zod'
import { problemOfKey } from './placeholders.ts'

const DURATION = /^(\d+(?:\.\d+)?)\s*(?:(s|sec|seconds?)|(m|min|minutes?)|(h|hours?)|(?:d|days?))$/i

/** `30s`, `15m`, `12 h` or `7 days`; gives milliseconds. */
export const duration = z
  .string()
  .regex(DURATION, 'must be written like 30m, 12h or 7d')
  .transform(text => {
    const [, amount, seconds, minutes, hours] = DURATION.exec(text) ?? []
    return Number(amount) * (seconds ? 1_000 : minutes ? 60_000 : hours ? 3_600_000 : 86_400_000)
  })

export const httpUrl = z
  .string()
  .refine(text => /^https?:\/\//i.test(text) && URL.canParse(text), 'must be an http(s) URL')
  .transform(text => text.replace(/\/+$/, ''))

/** Of a server: paths are added to it. */
export const baseUrl = httpUrl.refine(text => {
  if (!URL.canParse(text)) return true
  const { username, password, search, hash } = new URL(text)
  return `${username}${password}${search}${hash}` === ''
}, 'must end before any ? or #, and cannot hold a user name or password')

/**
 * As the driver reads it: with a socket there is no host (`user@/database?host=/run/postgresql`). A lone `%` is tolerated,
 * an escape of half a character is not.
 */
export const databaseUrl = z
  .string()
  .regex(/^postgres(?:ql)?:\/\/./i, 'must begin with postgres://')
  .refine(text => {
    const address = text.replace('@/', '@localhost/')
    return URL.canParse(address) && isDecodable(new URL(address).href.replaceAll(/%(?![\da-f]{2})/gi, '%25'))
  }, 'must be written like postgres://user:password@host:5432/database, with % in a password as %25')

export function isDecodable(text: string): boolean {
  try {
    // A minifier drops a call whose result nobody uses.
    return decodeURIComponent(text).length <= text.length
  } catch {
    return false
  }
}

/** A path on this computer. A host starts programs without a shell, which would expand `~name`. */
export const folder = z
  .string()
  .refine(text => !/\p{Cc}/u.test(text), 'must be one line')
  .refine(text => !/^[a-z][a-z0-9+.-]+:\/\//i.test(text), 'must be a path, not a URL')
  .refine(text => !/^~[^/\\]/.test(text), 'must be a whole path, or begin with ~/ for your own home folder')

/** A Chinese keyboard writes some of them. */
const COMMA = /[,，、;；]/

export const commaList = z.string().transform(text =>
  text
    .split(COMMA)
    .map(item => item.trim())
    .filter(item => item !== ''),
)

/** Words without blanks, also as a list in JSON. */
export const nameList = z.string().transform(text => text.split(/[\s,，、;；|"'[\]]+/).filter(item => item !== ''))

const HOST_NAME = /^(?:https?:\/\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?\/?$/i
const BARE_IPV6 = /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$/i

/** Host names as people write them, with or without scheme and port, which make no difference here. */
export const hostList = commaList.transform((hosts, context) =>
  hosts.map(host => {
    if (BARE_IPV6.test(host)) return `[${host}]`
    const name = HOST_NAME.exec(host)?.[1]
    if (name !== undefined) return name
    context.addIssue({
      code: 'custom',
      message: `must list host names such as mcp.example.com, not ${JSON.stringify(host)}`,
    })
    return z.NEVER
  }),
)

/** As forms of hosts, templates and other programs write a switch. */
const SWITCH: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', '1', 'enabled'].map(word => [word, 'on'] as const),
  ...['false', 'no', '0', 'disabled'].map(word => [word, 'off'] as const),
])

/** One of these words, in any case. */
export const choice = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .string()
    .toLowerCase()
    .transform(text => (words.includes('on') ? (SWITCH.get(text) ?? text) : text))
    .pipe(z.enum(words))

/** `off`, `ecb`, `frankfurter`, or `USD=7.10,EUR=7.80`. */
export const fxSpec = z.string().transform((text, context): 'off' | 'ecb' | 'frankfurter' | Record<string, number> => {
  const name = text.trim().toLowerCase()
  if (name === 'off' || name === 'ecb' || name === 'frankfurter') return name
  const entries = text.split(COMMA).map(entry => /^\s*([A-Z]{3})\s*=\s*(\d{1,9}(?:\.\d{1,9})?)\s*$/i.exec(entry))
  if (entries.every(entry => entry !== null)) {
    return Object.fromEntries(entries.map(([, code = '', rate]) => [code.toUpperCase(), Number(rate)]))
  }
  context.addIssue({ code: 'custom', message: 'must be ecb, frankfurter or rates such as USD=7.10,EUR=7.80' })
  return z.NEVER
})

const WHOLE = /^\+?(?:\d+|\d{1,3}(?:[,_]\d{3})+)(?:\.0+)?$/

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .transform(text => text.normalize('NFKC'))
    .pipe(z.string().regex(WHOLE, 'must be a whole number'))
    .transform(text => Number(text.replaceAll(/[,_]/g, '')))
    .pipe(z.number().min(min).max(max))

/** Keys are sent in headers: a character that a header cannot hold would break the connection without a clear error. */
export const key = z.string().check(refusePlaceholder, refuseOddCharacters)

function refusePlaceholder({ value, issues }: { value: string; issues: z.core.$ZodRawIssue[] }): void {
  const message = problemOfKey(value)
  if (message !== null) issues.push({ code: 'custom', input: value, message, continue: false })
}

/** White space and zero-width characters. */
const AROUND_VALUES = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu
/** Also quotation marks, which word processors and `.env` files add to keys, escaped or not. */
const AROUND_KEYS = /^[\s\p{Cf}\\"'`“”„‘’‚«»]+|[\s\p{Cf}\\"'`“”„‘’‚«»]+$/gu

function refuseOddCharacters({ value, issues }: { value: string; issues: z.core.$ZodRawIssue[] }): void {
  const [odd] = /[^\x21-\x7e]/u.exec(value) ?? []
  if (odd === undefined) return
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  issues.push({
    code: 'custom',
    input: value,
    message: `contains the character U+${code}, which is not allowed in a key`,
  })
}

/** `docker run --env-file` and some hosts hand on the quotation marks of a line as part of the value. */
const QUOTED = /^(?:(["'`])([^"'`]*)\1|[“”„]([^“”„]*)[“”]|[‘’]([^‘’]*)[‘’])$/

/** Trims what pasting leaves around a value. */
export function withoutPasted(value: string, isKey: boolean): string {
  const trimmed = value.replaceAll(isKey ? AROUND_KEYS : AROUND_VALUES, '')
  const quoted = QUOTED.exec(trimmed)
  return quoted ? quoted.slice(2).join('').replaceAll(AROUND_VALUES, '') : trimmed
}
