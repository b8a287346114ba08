import { describe, expect, it } from 'vitest'
import { listOptions } from '../src/config.ts'
import { AppError } from '../src/errors.ts'
import { type ConfigSources, loadConfig, refuseUnknown, secretsOf, unknownVariables } from '../src/load-config.ts'

const load = (sources: Partial<ConfigSources> = {}) =>
  loadConfig({ env: {}, flags: {}, platform: 'linux', homeDir: '/home/buyer', ...sources })

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(load()).toMatchObject({
      upstreams: ['sample'],
      tier: 'free',
      cache: 'on',
      mirrorTtl: 7 * 86_400_000,
      imageAllow: [],
    })
  })

  it.each([
    [{ MCP1688_PARSE_API_KEY: 'pmx_1' }, ['parse']],
    [{ MCP1688_PARSE_API_KEY: 'pmx_1', MCP1688_TMAPI_TOKEN: 't' }, ['tmapi', 'parse']],
    [{ MCP1688_OPEN1688_APP_KEY: '1', MCP1688_PARSE_API_KEY: 'pmx_1' }, ['open1688', 'parse']],
    [{ MCP1688_PARSE_API_KEY: 'pmx_1', MCP1688_UPSTREAM: 'sample' }, ['sample']],
    [{ MCP1688_UPSTREAM: ' parse , open1688 ' }, ['parse', 'open1688']],
    [{ MCP1688_UPSTREAM: ',' }, ['sample']],
    [{ MCP1688_PARSE_API_KEY: 'pmx_1', MCP1688_UPSTREAM: 'own' }, ['own']],
  ] as const)('with %j uses %j', (env, upstreams) => {
    expect(load({ env }).upstreams).toEqual(upstreams)
  })

  it.each([
    [{}, true],
    [{ MCP1688_UPSTREAM: 'sample' }, false],
    [{ MCP1688_PARSE_API_KEY: 'pmx_1' }, false],
  ])('with %j sample offers only fill in: %j', (env, isSampleStandIn) => {
    expect(load({ env })).toMatchObject({ isSampleStandIn })
  })

  it('prefers flags to the environment, and treats an empty variable as not set', () => {
    expect(load({ env: { MCP1688_TIER: 'hobby' }, flags: { tier: 'developer' } }).tier).toBe('developer')
    expect(load({ env: { MCP1688_TIER: '' } }).tier).toBe('free')
  })

  it.each([
    ['linux', {}, '/home/buyer/.local/share/mcp-1688'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/mcp-1688'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/buyer/.local/share/mcp-1688'],
    ['darwin', {}, '/home/buyer/Library/Application Support/mcp-1688'],
    ['linux', { MCP1688_DATA_DIR: '/elsewhere' }, '/elsewhere'],
  ] as const)('stores data on %s with %j in %s', (platform, env, dataDir) => {
    expect(load({ platform, env }).dataDir).toBe(dataDir)
  })

  it.each(['pmx_1\n', 'pmx_1\r\n', '\\"pmx_1\\"', ' pmx_1\t', '“pmx_1”', '\u200bpmx_1\ufeff', '"pmx_1"', "'pmx_1' "])(
    'trims what pasting left around %j',
    text => {
      const { parseApiKey, parseBaseUrl } = load({
        env: { MCP1688_PARSE_API_KEY: text, MCP1688_PARSE_BASE_URL: 'https://a.example.com/\r' },
      })
      expect([parseApiKey, parseBaseUrl]).toEqual(['pmx_1', 'https://a.example.com'])
    },
  )

  it.each([
    ['pmx_secret\nX-Evil: 1', 'U+000A'],
    ['pmx_sec\u200bret', 'U+200B'],
    ['pmx_sec”ret', 'U+201D'],
    ['pmx_secret two', 'U+0020'],
  ])('refuses the key %j, naming its variable but not its value', (text, character) => {
    const message = `Invalid --parse-api-key (MCP1688_PARSE_API_KEY): contains the character ${character}, which is not allowed in a key.`
    expect(() => load({ env: { MCP1688_PARSE_API_KEY: text } })).toThrow(message)
    expect(message).not.toContain('secret')
  })

  it.each([
    [
      { MCP1688_TIER: '"hobby"', MCP1688_PORT: "'8000'" },
      { tier: 'hobby', port: 8000 },
    ],
    [
      { MCP1688_TIER: '“Hobby”\r', MCP1688_LOG_LEVEL: ' WARN ' },
      { tier: 'hobby', logLevel: 'warn' },
    ],
    [{ MCP1688_UPSTREAM: 'Parse，sample' }, { upstreams: ['parse', 'sample'] }],
    [
      { MCP1688_CACHE: 'OFF', MCP1688_CLIPBOARD: 'Off\n' },
      { cache: 'off', clipboard: 'off' },
    ],
    [{ MCP1688_DATA_DIR: '"/srv/data"' }, { dataDir: '/srv/data' }],
    [{ MCP1688_DATA_DIR: "/srv/jo's" }, { dataDir: "/srv/jo's" }],
    [{ MCP1688_HOST: '[::1]' }, { host: '[::1]' }],
    [{ MCP1688_FX: 'USD=7.10，EUR=7.80' }, { fx: { USD: 7.1, EUR: 7.8 } }],
    [{ MCP1688_FX: 'USD=7.10; EUR=7.80' }, { fx: { USD: 7.1, EUR: 7.8 } }],
    [
      { MCP1688_CACHE: 'false', MCP1688_CLIPBOARD: '0', MCP1688_TRUST_PROXY: 'Yes', MCP1688_LEND_PICTURES: 'TRUE' },
      { cache: 'off', clipboard: 'off', trustProxy: 'on', lendPictures: 'on' },
    ],
    [{ MCP1688_UPSTREAM: '["open1688", "parse"]' }, { upstreams: ['open1688', 'parse'] }],
    [{ MCP1688_STORE: 'POSTGRES://u:50%off@host/d' }, { store: 'POSTGRES://u:50%off@host/d' }],
    [{ MCP1688_STORE: 'postgres://u@/d?host=/run/postgresql' }, { store: 'postgres://u@/d?host=/run/postgresql' }],
    [
      { MCP1688_STORE: 'postgres:///d?host=/run/postgresql&user=u' },
      { store: 'postgres:///d?host=/run/postgresql&user=u' },
    ],
    [{ MCP1688_STORE: 'postgres://u:p@%2Frun%2Fpostgresql/d' }, { store: 'postgres://u:p@%2Frun%2Fpostgresql/d' }],
    [{ MCP1688_UPSTREAM: 'tmapi; parse sample' }, { upstreams: ['tmapi', 'parse', 'sample'] }],
    [{ MCP1688_TOOLS: "'core' | get_supplier" }, { tools: ['core', 'get_supplier'] }],
    [
      { MCP1688_MIRROR_TTL: '12 H', MCP1688_HISTORY: '30 days' },
      { mirrorTtl: 12 * 3_600_000, history: 30 * 86_400_000 },
    ],
    [
      { MCP1688_PORT: '１６８８', MCP1688_CREDITS_PER_MONTH: '1,000', MCP1688_RATE_PER_MINUTE: '5.0' },
      { port: 1688, creditsPerMonth: 1_000, ratePerMinute: 5 },
    ],
  ])('reads %j as it was meant', (env, config) => {
    expect(load({ env })).toMatchObject(config)
  })

  it.each([
    [{ MCP1688_DATA_DIR: `\${HOME}/offers` }, `\${HOME}`],
    [{ MCP1688_DATA_DIR: '$HOME/offers' }, '$HOME'],
    [{ MCP1688_DATA_DIR: '%APPDATA%\\offers' }, '%APPDATA%'],
    [{ MCP1688_TIER: `\${user_config.tier}` }, `\${user_config.tier}`],
    [{ MCP1688_PUBLIC_URL: '<your address>' }, '<your address>'],
    [{ MCP1688_STORE: '', MCP1688_UPSTREAM: '{{ upstream }}' }, '{{ upstream }}'],
  ])('names what was not filled in in %j', (env, placeholder) => {
    expect(() => load({ env })).toThrow(`: not filled in; "${placeholder}" is a placeholder.`)
  })

  it('takes no address with escaped characters for a placeholder', () => {
    const MCP1688_PARSE_BASE_URL = 'https://a.example.com/%E4%BA%A7%E5%93%81'
    expect(load({ env: { MCP1688_PARSE_BASE_URL } }).parseBaseUrl).toBe(MCP1688_PARSE_BASE_URL)
  })

  it('treats a key of quotation marks and blanks as not set', () => {
    expect(load({ env: { MCP1688_PARSE_API_KEY: '""', MCP1688_TMAPI_TOKEN: ' \n' } }).upstreams).toEqual(['sample'])
  })

  it.each([
    ['~/offers', '/home/buyer/offers'],
    ['~', '/home/buyer'],
    ['/a/~/b', '/a/~/b'],
  ])('reads the data folder %s as %s', (written, dataDir) => {
    expect(load({ env: { MCP1688_DATA_DIR: written } }).dataDir).toBe(dataDir)
  })

  it('needs a home folder only if the data folder is not set', () => {
    expect(load({ homeDir: '', env: { MCP1688_DATA_DIR: '/data' } }).dataDir).toBe('/data')
    expect(load({ homeDir: '', env: { XDG_DATA_HOME: '/data' } }).dataDir).toBe('/data/mcp-1688')
    for (const env of [{}, { MCP1688_DATA_DIR: '~/x' }]) {
      expect(() => load({ homeDir: '', env })).toThrow('This user has no home folder.')
    }
  })

  it.each([
    [
      { MCP1688_UPSTREAM: 'ebay' },
      'Invalid --upstream (MCP1688_UPSTREAM) "ebay": must be own, sample, parse, open1688 or tmapi.',
    ],
    [{ MCP1688_UPSTREAM: 'parse,parse' }, 'names an upstream twice'],
    [{ MCP1688_UPSTREAM: 'own,tmapi' }, 'own cannot be combined with other upstreams'],
    [{ MCP1688_OPEN1688_APP_KEY: '../x' }, '--open1688-app-key'],
    [
      { MCP1688_OPEN1688_APP_SECRET: 'abc', MCP1688_TMAPI_TOKEN: 't' },
      '--open1688-app-secret (MCP1688_OPEN1688_APP_SECRET) is set, but not --open1688-app-key',
    ],
    [{ MCP1688_MIRROR_TTL: 'soon' }, 'must be written like 30m, 12h or 7d'],
    [{ MCP1688_RATE_PER_MINUTE: '0' }, 'Invalid --rate-per-minute (MCP1688_RATE_PER_MINUTE) "0": must be at least 1.'],
    [{ MCP1688_CREDIT_RESET_DAY: '31' }, 'must be at most 28.'],
    [{ MCP1688_PARSE_BASE_URL: 'ftp://x' }, 'must be an http(s) URL'],
    [{ MCP1688_PARSE_BASE_URL: 'https://jo:pw@x' }, 'cannot hold a user name or password'],
    [{ MCP1688_TMAPI_BASE_URL: 'https://x/?a=b' }, 'must end before any ? or #'],
    [{ MCP1688_STORE: 'postgres://u:caf%e9@host/d' }, 'with % in a password as %25'],
    [{ MCP1688_STORE: 'postgres://u:p@host:99999/d' }, 'must be written like postgres://'],
    [{ MCP1688_CACHE: 'constructor' }, 'must be on or off'],
    [{ MCP1688_PORT: '1,68' }, 'must be a whole number'],
    [{ MCP1688_DATA_DIR: 'file:///srv/data' }, 'must be a path, not a URL'],
    [{ MCP1688_DATA_DIR: '~jo/data' }, 'must be a whole path, or begin with ~/'],
    [{ MCP1688_DATA_DIR: '/srv/a\nb' }, 'must be one line'],
  ])('refuses %j, naming the option and what is wrong', (env, words) => {
    expect(() => load({ env })).toThrow(AppError)
    expect(() => load({ env })).toThrow(words)
  })

  it.each([
    ['mcp.example.com', ['mcp.example.com']],
    ['mcp.example.com:8443, https://shop.example.com/', ['mcp.example.com', 'shop.example.com']],
    ['10.0.0.7:1688,[fd00::1]:1688,fd00::2', ['10.0.0.7', '[fd00::1]', '[fd00::2]']],
  ])('reads the allowed hosts %s, whatever their ports', (text, hosts) => {
    expect(load({ env: { MCP1688_ALLOWED_HOSTS: text } }).allowedHosts).toEqual(hosts)
  })

  it.each(['*.example.com', 'a b', 'http://x/y', 'user@host', '*'])('refuses the allowed host %s', text => {
    expect(() => load({ env: { MCP1688_ALLOWED_HOSTS: text } })).toThrow(`not "${text}"`)
  })
})

describe('a misspelt variable', () => {
  const unknown = unknownVariables({
    MCP1688_PARSE_APIKEY: 'pmx_secret',
    PATH: '/bin',
    MCP1688_UNHEARD_OF: '1',
    MCP1688_TOKEN: 't',
  })

  it('is found, with the name that was probably meant', () => {
    expect(unknown).toEqual([
      { name: 'MCP1688_PARSE_APIKEY', nearest: 'MCP1688_PARSE_API_KEY' },
      { name: 'MCP1688_UNHEARD_OF', nearest: null },
      { name: 'MCP1688_TOKEN', nearest: null },
    ])
  })

  it.each(['mcp1688_tier', 'MCP_1688_TIER', 'mcp-1688-tier', 'MCP1688__TIER', '_MCP1688_TIER', '1688_TIER'])(
    'is found as %s',
    name => {
      expect(unknownVariables({ [name]: 'hobby' })).toEqual([{ name, nearest: 'MCP1688_TIER' }])
    },
  )

  it('is not what Kubernetes sets for a service of this name', () => {
    const names = ['MCP_1688_SERVICE_HOST', 'MCP_1688_PORT', 'MCP_1688_PORT_1688_TCP_ADDR', 'MCP1688_SERVICE_PORT_HTTP']
    expect(unknownVariables(Object.fromEntries(names.map(name => [name, 'x'])))).toEqual([])
  })

  it('can be refused, without its value', () => {
    try {
      refuseUnknown(unknown)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        message: 'Unknown environment variable MCP1688_PARSE_APIKEY.',
        hint: expect.stringContaining('Did you mean MCP1688_PARSE_API_KEY?'),
      })
      expect(JSON.stringify(error)).not.toContain('pmx_secret')
    }
    expect(() => refuseUnknown([])).not.toThrow()
  })
})

describe('listOptions', () => {
  it('derives flag and variable from the key, and every option has help', () => {
    const options = listOptions()
    expect(options.find(option => option.key === 'dataDir')).toMatchObject({
      flag: '--data-dir',
      env: 'MCP1688_DATA_DIR',
    })
    for (const option of options) expect(option.help).toMatch(/\.$/)
    expect(new Set(options.map(option => option.env)).size).toBe(options.length)
  })

  it('lists the values that must never be printed', () => {
    const env = {
      MCP1688_PARSE_API_KEY: 'pmx_1',
      MCP1688_TMAPI_TOKEN: 'tm_token',
      MCP1688_OPEN1688_APP_KEY: '7654321',
      MCP1688_OPEN1688_APP_SECRET: 'app-secret',
      MCP1688_OPEN1688_ACCESS_TOKEN: 'access',
      MCP1688_OPEN1688_REFRESH_TOKEN: 'refresh',
    }
    expect(secretsOf(load({ env })).sort()).toEqual(['access', 'app-secret', 'pmx_1', 'refresh', 'tm_token'])
  })
})
