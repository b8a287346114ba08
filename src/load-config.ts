/** Reads the configuration from flags and environment, by the schema in config.ts. */
import path from 'node:path'
import type * as z from 'zod'
import { type Config, configSchema, listOptions, type OptionDoc, upstreamsOf } from './config.ts'
import { AppError } from './errors.ts'
import { nearestName } from './nearest-name.ts'
import { cleanText, FIELD_MAX_CHARS, quoted } from './offers/text.ts'
import { withoutPasted } from './option-values.ts'
import { placeholderIn } from './placeholders.ts'
import { defaultConfigDir, defaultDataDir, expandHome } from './store/data-dir.ts'

export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>
  /** Options given as flags, by key. */
  flags: Readonly<Record<string, string>>
  platform: NodeJS.Platform
  homeDir: string
}

/**
 * Merges the sources: flags override the environment, which overrides the defaults.
 * @throws AppError `config_invalid` with the flag and the variable at fault; it never repeats a secret.
 */
export function loadConfig(sources: ConfigSources): Config {
  const docs = listOptions()
  const given = givenOptions(sources)
  refusePlaceholders(docs, given)
  // The largest schema is parsed once; compiling it first would cost more.
  const parsed = configSchema.safeParse(given, { jitless: true })
  if (!parsed.success) throw explain(parsed.error, docs, given)
  refuseWithoutAppKey(docs, parsed.data)
  const { upstream: _named, dataDir, ...rest } = parsed.data
  const folder = dataDir === undefined ? defaultDataDir(sources) : expandHome(dataDir, sources.homeDir)
  const settings = defaultConfigDir(sources)
  return {
    ...rest,
    ...upstreamsOf(parsed.data),
    dataDir: path.resolve(folder),
    costsFile: settings === null ? null : path.join(settings, 'costs.json'),
  }
}

/** The options that are set, by key, trimmed of what pasting leaves around them. An empty one counts as not set. */
export function givenOptions({ env, flags }: Pick<ConfigSources, 'env' | 'flags'>): Record<string, string> {
  const given: Record<string, string> = {}
  for (const option of listOptions()) {
    const value = withoutPasted(flags[option.key] ?? env[option.env] ?? '', option.secret || option.value === 'KEY')
    if (value !== '') given[option.key] = value
  }
  return given
}

/** The values that must never be logged or printed. */
export function secretsOf(config: Config): string[] {
  const secretKeys = new Set(
    listOptions()
      .filter(option => option.secret)
      .map(option => option.key),
  )
  const secrets = Object.entries(config).flatMap(([key, value]) =>
    secretKeys.has(key) && typeof value === 'string' ? [value] : [],
  )
  // A driver's error may print the database's password without the rest of its URL.
  const [, password] = /^[^:]+:\/\/[^:/@]*:([^@]+)@/.exec(config.store ?? '') ?? []
  return password === undefined ? secrets : [...secrets, password]
}

export interface UnknownVariable {
  name: string
  /** The variable that was probably meant. */
  nearest: string | null
}

const PREFIX = 'MCP1688_'

/** However it was written: `mcp1688_tier`, `MCP_1688_TIER`, `1688_TIER`. */
const OUR_PREFIX = /^_*(?:MCP[-_]?)?1688[-_]+/i

/** Set by Kubernetes for a service called mcp-1688 or mcp1688. */
const OF_KUBERNETES = /^MCP_?1688_(?:SERVICE_(?:HOST|PORT)|PORT_\d+_(?:TCP|UDP))|^MCP_1688_PORT$/

/** A misspelt variable would otherwise be ignored silently. */
export function unknownVariables(env: ConfigSources['env']): UnknownVariable[] {
  const known = listOptions().map(option => option.env.slice(PREFIX.length))
  return Object.keys(env)
    .filter(name => OUR_PREFIX.test(name) && !known.includes(name.replace(PREFIX, '')) && !OF_KUBERNETES.test(name))
    .map(name => {
      const nearest = nearestName(name.replace(OUR_PREFIX, ''), known)
      return { name: cleanText(name, FIELD_MAX_CHARS) ?? '', nearest: nearest && `${PREFIX}${nearest}` }
    })
}

/** @throws AppError `config_invalid` for the first of them. */
export function refuseUnknown([unknown]: readonly UnknownVariable[]): void {
  if (unknown === undefined) return
  const { name, nearest } = unknown
  throw new AppError({
    code: 'config_invalid',
    message: `Unknown environment variable ${name}.`,
    hint: `${nearest ? `Did you mean ${nearest}? ` : ''}Run mcp-1688 --help for the list.`,
  })
}

/** Of keys, their own schema takes care. A folder would be made under such a name. */
function refusePlaceholders(docs: readonly OptionDoc[], given: Readonly<Record<string, string>>): void {
  for (const doc of docs.filter(({ secret }) => !secret)) {
    const placeholder = placeholderIn(given[doc.key] ?? '')
    if (placeholder !== null) throw invalid(doc, given, `not filled in; ${quoted(placeholder)} is a placeholder`)
  }
}

/** Without the app key, open1688 would be left out silently. */
function refuseWithoutAppKey(docs: readonly OptionDoc[], options: ReturnType<typeof configSchema.parse>): void {
  if (options.upstream !== undefined || options.open1688AppKey !== undefined) return
  const given = (['open1688AppSecret', 'open1688AccessToken', 'open1688RefreshToken'] as const).find(
    name => options[name] !== undefined,
  )
  const doc = docs.find(({ key }) => key === given)
  if (doc === undefined) return
  throw new AppError({
    code: 'config_invalid',
    message: `${doc.flag} (${doc.env}) is set, but not --open1688-app-key (MCP1688_OPEN1688_APP_KEY).`,
    hint: 'Set the app key of the same application as well, or remove both.',
  })
}

function explain(error: z.ZodError, docs: readonly OptionDoc[], given: Readonly<Record<string, string>>): AppError {
  const [issue] = error.issues
  const doc = docs.find(option => option.key === issue?.path[0])
  if (!issue || !doc) throw error
  return invalid(doc, given, problemOf(issue))
}

function invalid(doc: OptionDoc, given: Readonly<Record<string, string>>, problem: string): AppError {
  // A URL may contain a password.
  const isShown = !doc.secret && doc.value !== 'KEY' && doc.value !== 'URL'
  return new AppError({
    code: 'config_invalid',
    message: `Invalid ${doc.flag} (${doc.env})${isShown ? ` ${quoted(given[doc.key] ?? '')}` : ''}: ${problem}.`,
    hint: `${doc.flag} ${doc.value}: ${doc.help}`,
  })
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') {
    return `must be ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(issue.values.map(String))}`
  }
  if (issue.code === 'too_small' && issue.origin === 'number') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big' && issue.origin === 'number') return `must be at most ${issue.maximum}`
  return issue.message.replace(/^Invalid input: /, '')
}
