/** The configuration: one zod schema that holds each option's default and help, and marks the secrets. */
import * as z from 'zod'
import {
  baseUrl,
  choice,
  commaList,
  databaseUrl,
  duration,
  folder,
  fxSpec,
  hostList,
  key,
  nameList,
  wholeNumber,
} from './option-values.ts'

/** What the help and the README say about an option. */
interface OptionMeta {
  help: string
  /** How the value is shown in the help, for example `FILE`. */
  value: string
  secret?: boolean
}

const options = z.registry<OptionMeta>()

/** The scraper's id is part of the base URL. */
const PARSE_BASE_URL = 'https://api.parse.bot/scraper/bce3cd9b-591a-4e87-a406-6e57ab0dd092'

const secret = (help: string) => key.optional().register(options, { help, value: 'KEY', secret: true })

/** A set of tools. */
export const DEFAULT_TOOLS = 'sourcing'

const UPSTREAM_NAMES = ['own', 'sample', 'parse', 'open1688', 'tmapi'] as const

/** Those with a fixed index that can be copied into the catalogue. */
const UPSTREAMS_WITH_INDEX: ReadonlySet<string> = new Set(['sample', 'parse'])

export const configSchema = z.object({
  upstream: nameList
    .pipe(
      z
        .array(choice(UPSTREAM_NAMES))
        .refine(names => new Set(names).size === names.length, 'names an upstream twice')
        .refine(names => names.length === 1 || !names.includes('own'), 'own cannot be combined with other upstreams'),
    )
    .optional()
    .register(options, {
      help:
        'Where offers come from: parse, open1688, tmapi, sample, or several separated by commas, of which the first that can answer is used; or own: imported offers alone. ' +
        'Default: every upstream that has a key, in the order open1688, tmapi, parse; without any key, imported offers or, while there are none, made-up sample offers.',
      value: 'LIST',
    }),
  parseApiKey: secret(
    'API key for the 1688.com API on Parse, whose searches cover only about 734 sun-protection and face-mask offers.',
  ),
  parseBaseUrl: baseUrl
    .default(PARSE_BASE_URL)
    .register(options, { help: 'Base URL of the Parse API, including the scraper ID.', value: 'URL' }),
  open1688AppKey: z
    .string()
    .regex(/^\d{1,20}$/, 'must be digits')
    .optional()
    .register(options, {
      help: 'App key of your application on the 1688 Open Platform (open.1688.com), whose searches cover all of 1688.',
      value: 'KEY',
    }),
  open1688AppSecret: secret('App secret of that application.'),
  open1688AccessToken: secret(
    'Access token of that application: a permanent one from its console, or one valid for 10 hours.',
  ),
  open1688RefreshToken: secret(
    'Refresh token of that application; not needed after mcp-1688 authorize. Renewed tokens are saved in the data folder.',
  ),
  open1688Auth: choice(['token', 'none']).default('token').register(options, {
    help: 'Whether calls of that application send an access token; none is for applications with a single user.',
    value: 'token|none',
  }),
  open1688AuthBaseUrl: baseUrl
    .default('https://auth.1688.com')
    .register(options, { help: 'Base URL of the consent page that mcp-1688 authorize opens.', value: 'URL' }),
  open1688BaseUrl: baseUrl
    .default('https://gw.open.1688.com/openapi')
    .register(options, { help: 'Base URL of the 1688 Open Platform gateway.', value: 'URL' }),
  tmapiToken: secret('API token for TMAPI, whose searches cover all of 1688.'),
  tmapiAuth: choice(['parameter', 'header']).default('parameter').register(options, {
    help: 'Where TMAPI gets the token: in the documented parameter apiToken, or in the header apikey for vendors that require it.',
    value: 'parameter|header',
  }),
  tmapiBaseUrl: baseUrl
    .default('https://api.tmapi.io')
    .register(options, { help: 'Base URL of TMAPI or of a compatible service.', value: 'URL' }),
  tier: choice(['free', 'hobby', 'developer']).default('free').register(options, {
    help: 'Plan of your Parse key: 5, 20 or 250 calls per minute; 100, 1,000 or 5,000 credits per month.',
    value: 'TIER',
  }),
  ratePerMinute: wholeNumber(1, 100_000)
    .optional()
    .register(options, { help: 'Calls per minute of your Parse key, if they differ from the plan.', value: 'N' }),
  creditsPerMonth: wholeNumber(0, 1_000_000_000).optional().register(options, {
    help: 'Credits per month of your Parse key, if they differ from the plan; 0 spends nothing.',
    value: 'N',
  }),
  creditResetDay: wholeNumber(1, 28).optional().register(options, {
    help: 'Day of the month (UTC) on which those credits reset. Default: each credit returns 30 days after it was spent.',
    value: 'DAY',
  }),
  cache: choice(['on', 'off']).default('on').register(options, {
    help: 'Whether replies are cached and reused; off asks the upstream every time.',
    value: 'on|off',
  }),
  mirrorTtl: duration
    .prefault('7d')
    .register(options, { help: "How long a full copy of an upstream's index counts as fresh.", value: 'DURATION' }),
  embedder: z.string().min(1).default('builtin').register(options, {
    help: 'Model that compares pictures: builtin, onnx:FILE (with FILE.json next to it) or the http(s) URL of an embedding service.',
    value: 'MODEL',
  }),
  vectorsPerOffer: wholeNumber(1, 6).prefault('3').register(options, {
    help: 'How many pictures of an offer are compared, the first included; the best counts.',
    value: 'COUNT',
  }),
  fileParams: choice(['auto', 'on', 'off']).default('auto').register(options, {
    value: 'WHOM',
    help: "Which clients are told to pass a chat's attachment to search_by_image in ChatGPT's way: ChatGPT (auto), all (on) or none (off).",
  }),
  clipboard: choice(['on', 'off']).default('on').register(options, {
    help: 'Whether the word clipboard as a picture reads the picture in the clipboard; over HTTP it never does.',
    value: 'on|off',
  }),
  lendPictures: choice(['on', 'off'])
    .default('on')
    .register(options, {
      help:
        'Whether serve, with MCP1688_PUBLIC_URL, lends a photo without an address to TMAPI, which takes nothing else: shrunk, at an address of ' +
        '128 random bits, for 10 minutes.',
      value: 'on|off',
    }),
  imageAllow: commaList.prefault('').register(options, {
    help: 'Private addresses from which pictures may be fetched: host:port pairs, separated by commas.',
    value: 'LIST',
  }),
  host: z.string().min(1).default('127.0.0.1').register(options, {
    help: 'Address that serve listens on; listening beyond this computer requires API keys (mcp-1688 keys add) or OAuth.',
    value: 'ADDRESS',
  }),
  port: wholeNumber(0, 65_535)
    .prefault('1688')
    .register(options, { help: 'Port that serve listens on; 0 picks a free one.', value: 'PORT' }),
  allowedHosts: hostList.prefault('').register(options, {
    help: 'Host names, separated by commas, that serve answers to in addition to localhost and its own address.',
    value: 'LIST',
  }),
  allowedOrigins: commaList.prefault('').register(options, {
    help: 'Web origins, separated by commas, that may call serve (CORS), for example https://app.example.com.',
    value: 'LIST',
  }),
  connectionsPerAddress: wholeNumber(1, 1_000).default(64).register(options, {
    help: 'Connections that one address (or IPv6 /64) may have open without a valid key, without a trusted proxy.',
    value: 'N',
  }),
  importMax: wholeNumber(1, 300).prefault('50').register(options, {
    help: 'The largest form that POST /catalogue/import takes, sheet and pictures together, in megabytes.',
    value: 'MB',
  }),
  publicUrl: baseUrl.optional().register(options, {
    help:
      'Public address of serve, without /mcp: every address that it gives out begins with it. ' +
      'Default: its own address if only this computer can reach it.',
    value: 'URL',
  }),
  trustProxy: choice(['on', 'off']).default('off').register(options, {
    help: "Whether serve runs behind a proxy whose X-Forwarded-For header holds the caller's address.",
    value: 'on|off',
  }),
  oauthIssuer: baseUrl.optional().register(options, {
    help: 'Issuer of the OAuth access tokens (JWT) that serve accepts in addition to API keys; their tier claim sets the plan (free without it).',
    value: 'URL',
  }),
  oauthAudience: baseUrl.optional().register(options, {
    help: 'Audience those tokens must be issued for. Default: MCP1688_PUBLIC_URL with /mcp.',
    value: 'URL',
  }),
  store: databaseUrl.optional().register(options, {
    help: 'PostgreSQL database shared by every process on every machine. Default: files in the data folder.',
    value: 'postgres://…',
    secret: true,
  }),
  dataDir: folder.optional().register(options, {
    help: 'Folder for everything that is stored. Default: the data folder of the current user.',
    value: 'DIR',
  }),
  history: duration.prefault('400d').register(options, {
    help: 'How long changes of price, minimum order, stock and sales are remembered; 0d remembers none.',
    value: 'DURATION',
  }),
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/, 'must be three letters, such as USD')
    .optional()
    .register(options, {
      help: 'Currency that prices are also shown in, beside CNY; needs MCP1688_FX.',
      value: 'CODE',
    }),
  fx: fxSpec.default('off').register(options, {
    help:
      'Where exchange rates come from if a call names none: ecb (European Central Bank), frankfurter, or your own, as CNY for one unit ' +
      '(USD=7.10,EUR=7.80); off fetches nothing.',
    value: 'SOURCE',
  }),
  tools: nameList.prefault(DEFAULT_TOOLS).register(options, {
    help:
      'Tools that agents see: core, sourcing, all, or names of tools separated by commas. Fewer tools cost fewer tokens; ' +
      'sync_catalogue is left out of sourcing where no upstream has an index.',
    value: 'LIST',
  }),
  logLevel: choice(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .register(options, { help: 'Lowest level of messages that are logged to stderr.', value: 'LEVEL' }),
})

type ParsedOptions = z.output<typeof configSchema>

export type UpstreamName = (typeof UPSTREAM_NAMES)[number]

export type Config = Omit<ParsedOptions, 'upstream' | 'dataDir'> & {
  /** In the order in which they are tried. */
  upstreams: readonly [UpstreamName, ...UpstreamName[]]
  /** Whether sample offers only fill in, since nobody named an upstream or set a key. */
  isSampleStandIn: boolean
  dataDir: string
  /** The user's rates for landed costs; `null` without a home folder. */
  costsFile: string | null
}

/** By default, the upstreams that search all of 1688 by picture come first. */
export function upstreamsOf({
  upstream = [],
  open1688AppKey,
  tmapiToken,
  parseApiKey,
}: ParsedOptions): Pick<Config, 'upstreams' | 'isSampleStandIn'> {
  const keys = { open1688: open1688AppKey, tmapi: tmapiToken, parse: parseApiKey }
  const withKey = (['open1688', 'tmapi', 'parse'] as const).filter(name => keys[name] !== undefined)
  const [first, ...others] = upstream.length > 0 ? upstream : withKey
  return first === undefined
    ? { upstreams: ['sample'], isSampleStandIn: true }
    : { upstreams: [first, ...others], isSampleStandIn: false }
}

/** Whether any configured upstream has a fixed index. */
export function hasIndex({ upstreams }: Pick<Config, 'upstreams'>): boolean {
  return upstreams.some(name => UPSTREAMS_WITH_INDEX.has(name))
}

/** An option as the help, the README and the flag parser see it. */
export interface OptionDoc {
  key: string
  /** `--data-dir` */
  flag: string
  /** `MCP1688_DATA_DIR` */
  env: string
  help: string
  value: string
  secret: boolean
  /** The default as a user would write it; `null` if there is none or it depends on the system. */
  defaultText: string | null
}

let listed: readonly OptionDoc[] | null = null

/** Every option, in the order of the schema. */
export function listOptions(): readonly OptionDoc[] {
  listed ??= describeOptions()
  return listed
}

function describeOptions(): OptionDoc[] {
  return Object.entries(configSchema.shape).map(([key, option]) => {
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
