/** The configuration: one zod schema in which every option has its default, its help and, where it is one, its secret mark. */
import path from 'node:path'
import * as z from 'zod'
import { AppError } from './errors.ts'
import { nearestName } from './nearest-name.ts'
import { commaList, duration, httpUrl, key, wholeNumber, withoutPasted } from './option-values.ts'
import { defaultDataDir, expandHome } from './store/data-dir.ts'

/** What the help and the README say of an option. */
interface OptionMeta {
  help: string
  /** How the value is shown in the help, for example `FILE`. */
  value: string
  secret?: boolean
}

const options = z.registry<OptionMeta>()

/** The scraper that the user's document names; the host and the scraper are one base URL. */
const PARSE_BASE_URL = 'https://api.parse.bot/scraper/bce3cd9b-591a-4e87-a406-6e57ab0dd092'

const secret = (help: string) => key.optional().register(options, { help, value: 'KEY', secret: true })

/** Every source of offers that there is an adapter for. */
const UPSTREAM_NAMES = ['sample', 'parse', 'open1688', 'tmapi'] as const

const schema = z.object({
  upstream: commaList
    .pipe(z.array(z.enum(UPSTREAM_NAMES)).refine(names => new Set(names).size === names.length, 'names one twice'))
    .optional()
    .register(options, {
      help:
        'Where offers come from: sample, parse, open1688, tmapi or several, comma-separated, the first that can answer. Default: all that ' +
        'have a key, in the order open1688, tmapi, parse, else the sample catalogue inside the package.',
      value: 'LIST',
    }),
  parseApiKey: secret(
    'API key of the 1688.com API on Parse: its searches cover some 734 sun-protection and face-mask offers only.',
  ),
  parseBaseUrl: httpUrl
    .default(PARSE_BASE_URL)
    .register(options, { help: 'Base URL of that API, including the scraper ID.', value: 'URL' }),
  open1688AppKey: z
    .string()
    .regex(/^\d{1,20}$/, 'must be digits')
    .optional()
    .register(options, {
      help: 'App key of your application on the 1688 Open Platform (open.1688.com), whose searches cover all of 1688.',
      value: 'KEY',
    }),
  open1688AppSecret: secret("That application's secret."),
  open1688AccessToken: secret('Its access token, good for 10 hours; not needed where a refresh token is set.'),
  open1688RefreshToken: secret('Its refresh token; renewed tokens are kept in the data folder.'),
  open1688BaseUrl: httpUrl
    .default('https://gw.open.1688.com/openapi')
    .register(options, { help: 'Base URL of the gateway of the 1688 Open Platform.', value: 'URL' }),
  tmapiToken: secret('API token of TMAPI, whose searches cover all of 1688.'),
  tmapiBaseUrl: httpUrl
    .default('https://api.tmapi.io')
    .register(options, { help: 'Base URL of TMAPI, or of a service that answers in its shapes.', value: 'URL' }),
  tier: z.enum(['free', 'hobby', 'developer']).default('free').register(options, {
    help: 'Plan of the Parse key: 5, 20 or 250 calls per minute; 100, 1,000 or 5,000 credits per month.',
    value: 'TIER',
  }),
  ratePerMinute: wholeNumber(1, 100_000)
    .optional()
    .register(options, { help: "Calls per minute of the Parse key, if they differ from the tier's.", value: 'N' }),
  creditsPerMonth: wholeNumber(0, 1_000_000_000).optional().register(options, {
    help: "Credits per month of the Parse key, if they differ from the tier's; 0 spends nothing.",
    value: 'N',
  }),
  creditResetDay: wholeNumber(1, 28).optional().register(options, {
    help: 'Day of the month (UTC) on which those credits reset. Default: each credit returns 30 days after its call.',
    value: 'DAY',
  }),
  cache: z.enum(['on', 'off']).default('on').register(options, {
    help: 'Whether replies are cached; off asks the upstream every time.',
    value: 'on|off',
  }),
  mirrorTtl: duration
    .prefault('7d')
    .register(options, { help: "How long a complete copy of an upstream's index counts as fresh.", value: 'DURATION' }),
  embedder: z.string().min(1).default('builtin').register(options, {
    help: 'What compares pictures: builtin, onnx:FILE (with FILE.json beside it) or the http(s) URL of an embedding service.',
    value: 'MODEL',
  }),
  imageAllow: commaList.prefault('').register(options, {
    help: 'Private host:port pairs, comma-separated, from which pictures may be fetched.',
    value: 'LIST',
  }),
  host: z.string().min(1).default('127.0.0.1').register(options, {
    help: 'Address that serve listens on. A public one needs API keys (mcp-1688 keys add) or OAuth.',
    value: 'ADDRESS',
  }),
  port: wholeNumber(0, 65_535)
    .prefault('1688')
    .register(options, { help: 'Port that serve listens on; 0 picks a free one.', value: 'PORT' }),
  allowedHosts: commaList.prefault('').register(options, {
    help: 'Host names, comma-separated, that serve accepts besides localhost and its own address.',
    value: 'LIST',
  }),
  allowedOrigins: commaList.prefault('').register(options, {
    help: 'Origins of web pages, comma-separated, that may call serve, for example https://app.example.com; enables CORS for them.',
    value: 'LIST',
  }),
  trustProxy: z.enum(['on', 'off']).default('off').register(options, {
    help: 'Whether serve runs behind a proxy whose X-Forwarded-For has the real address of a caller.',
    value: 'on|off',
  }),
  oauthIssuer: httpUrl.optional().register(options, {
    help: 'Issuer of OAuth access tokens (JWT) that serve accepts besides API keys; a claim tier names the plan, otherwise free.',
    value: 'URL',
  }),
  oauthAudience: httpUrl.optional().register(options, {
    help: 'Public URL of serve, including /mcp, for which those tokens must be issued.',
    value: 'URL',
  }),
  store: z
    .string()
    .refine(text => /^postgres(ql)?:\/\/./.test(text), 'must begin with postgres://')
    .optional()
    .register(options, {
      help: 'PostgreSQL database that all processes on all machines share. Default: files in the data folder.',
      value: 'postgres://…',
      secret: true,
    }),
  dataDir: z.string().min(1).optional().register(options, {
    help: "Folder for everything that is stored. Default: the user's data folder on this system.",
    value: 'DIR',
  }),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .register(options, { help: 'How much is logged to stderr.', value: 'LEVEL' }),
})

type Parsed = z.output<typeof schema>

export type UpstreamName = (typeof UPSTREAM_NAMES)[number]

/** The checked configuration, with derived values. */
export type Config = Omit<Parsed, 'upstream' | 'dataDir'> & {
  /** In the order in which they are asked. */
  upstreams: readonly [UpstreamName, ...UpstreamName[]]
  dataDir: string
}

/** An option as the help, the documentation and the flag parser use it. */
export interface OptionDoc {
  key: string
  /** `--data-dir` */
  flag: string
  /** `MCP1688_DATA_DIR` */
  env: string
  help: string
  value: string
  secret: boolean
  /** The default as text, if it is fixed. */
  defaultText: string | null
}

let listed: readonly OptionDoc[] | null = null

/** Every option, in the order of the schema. Flag and environment variable are derived from the key. */
export function listOptions(): readonly OptionDoc[] {
  listed ??= describeOptions()
  return listed
}

function describeOptions(): OptionDoc[] {
  return Object.entries(schema.shape).map(([key, option]) => {
    const meta = options.get(option)
    if (!meta) throw new Error(`option ${key} has no help`)
    const words = key.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    const fallback =
      option instanceof z.ZodDefault || option instanceof z.ZodPrefault ? String(option.def.defaultValue) : ''
    return {
      key,
      flag: `--${words}`,
      env: `MCP1688_${words.replaceAll('-', '_').toUpperCase()}`,
      help: meta.help,
      value: meta.value,
      secret: meta.secret ?? false,
      defaultText: fallback === '' ? null : fallback,
    }
  })
}

export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>
  /** Options given as flags, by key. */
  flags: Readonly<Record<string, string>>
  platform: NodeJS.Platform
  homeDir: string
}

/**
 * Puts the configuration together: default < environment < flag.
 * @throws AppError `config_invalid` that names the flag and the environment name of what is wrong. A secret's value is never repeated.
 */
export function loadConfig(sources: ConfigSources): Config {
  const docs = listOptions()
  refuseUnknownEnv(sources.env, docs)
  const parsed = schema.safeParse(givenOptions(sources))
  if (!parsed.success) throw explain(parsed.error, docs)
  const { upstream: _named, dataDir, ...rest } = parsed.data
  const folder = dataDir === undefined ? defaultDataDir(sources) : expandHome(dataDir, sources.homeDir)
  return { ...rest, upstreams: upstreamsOf(parsed.data), dataDir: path.resolve(folder) }
}

/** The given options by key, without what pasting leaves around them. An empty one counts as not given. */
export function givenOptions({ env, flags }: Pick<ConfigSources, 'env' | 'flags'>): Record<string, string> {
  const given: Record<string, string> = {}
  for (const option of listOptions()) {
    const value = withoutPasted(flags[option.key] ?? env[option.env] ?? '', option.secret || option.value === 'KEY')
    if (value !== '') given[option.key] = value
  }
  return given
}

/** The named ones, otherwise all that have a key: first those that match pictures over all of 1688. */
function upstreamsOf({ upstream, open1688AppKey, tmapiToken, parseApiKey }: Parsed): Config['upstreams'] {
  const keys = { open1688: open1688AppKey, tmapi: tmapiToken, parse: parseApiKey }
  const withKey = (['open1688', 'tmapi', 'parse'] as const).filter(name => keys[name] !== undefined)
  const [first = 'sample', ...others] = upstream && upstream.length > 0 ? upstream : withKey
  return [first, ...others]
}

export function secretsOf(config: Config): string[] {
  const secretKeys = new Set(
    listOptions()
      .filter(option => option.secret)
      .map(option => option.key),
  )
  const secrets = Object.entries(config).flatMap(([key, value]) =>
    secretKeys.has(key) && typeof value === 'string' ? [value] : [],
  )
  // A driver's error may contain parts of the address.
  const [, password] = /^[^:]+:\/\/[^:/@]*:([^@]+)@/.exec(config.store ?? '') ?? []
  return password === undefined ? secrets : [...secrets, password]
}

/** A misspelt variable must not be silently without effect. */
function refuseUnknownEnv(env: ConfigSources['env'], docs: readonly OptionDoc[]): void {
  const known = docs.map(doc => doc.env)
  const unknown = Object.keys(env).find(name => name.startsWith('MCP1688_') && !known.includes(name))
  if (unknown === undefined) return
  const nearest = nearestName(unknown, known)
  throw new AppError({
    code: 'config_invalid',
    message: `The environment variable ${unknown.slice(0, 60)} is not known.`,
    hint: nearest ? `Did you mean ${nearest}? mcp-1688 --help lists all.` : 'mcp-1688 --help lists all.',
  })
}

function explain(error: z.ZodError, docs: readonly OptionDoc[]): AppError {
  const [issue] = error.issues
  const doc = docs.find(option => option.key === issue?.path[0])
  if (!issue || !doc) throw error
  return new AppError({
    code: 'config_invalid',
    message: `${doc.flag} (${doc.env}) is not valid: ${problemOf(issue)}.`,
    hint: `Write ${doc.flag} ${doc.value}: ${doc.help}`,
  })
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'too_small' && issue.origin === 'number') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big' && issue.origin === 'number') return `must be at most ${issue.maximum}`
  return issue.message.replace(/^Invalid input: /, '')
}
