import { describe, expect, it } from 'vitest'
import { type ConfigSources, listOptions, loadConfig, secretsOf } from '../src/config.ts'
import { AppError } from '../src/errors.ts'

const load = (sources: Partial<ConfigSources> = {}) =>
  loadConfig({ env: {}, flags: {}, platform: 'linux', homeDir: '/home/buyer', ...sources })

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(load()).toMatchObject({
      upstream: 'sample',
      tier: 'free',
      cache: 'on',
      mirrorTtl: 7 * 86_400_000,
      imageAllow: [],
    })
  })

  it('takes parse where its key is set, unless told otherwise', () => {
    const env = { MCP1688_PARSE_API_KEY: 'pmx_1' }
    expect(load({ env }).upstream).toBe('parse')
    expect(load({ env: { ...env, MCP1688_UPSTREAM: 'sample' } }).upstream).toBe('sample')
  })

  it('prefers a flag to the environment, and an empty variable is none', () => {
    expect(load({ env: { MCP1688_TIER: 'hobby' }, flags: { tier: 'developer' } }).tier).toBe('developer')
    expect(load({ env: { MCP1688_TIER: '' } }).tier).toBe('free')
  })

  it.each([
    ['linux', {}, '/home/buyer/.local/share/mcp-1688'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/mcp-1688'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/buyer/.local/share/mcp-1688'],
    ['darwin', {}, '/home/buyer/Library/Application Support/mcp-1688'],
    ['linux', { MCP1688_DATA_DIR: '/elsewhere' }, '/elsewhere'],
  ] as const)('keeps its data on %s with %j in %s', (platform, env, dataDir) => {
    expect(load({ platform, env }).dataDir).toBe(dataDir)
  })

  it.each([
    [{ MCP1688_UPSTREAM: 'ebay' }, '--upstream (MCP1688_UPSTREAM)'],
    [{ MCP1688_MIRROR_TTL: 'soon' }, 'must be written like 30m, 12h or 7d'],
    [{ MCP1688_RATE_PER_MINUTE: '0' }, '--rate-per-minute'],
    [{ MCP1688_CREDIT_RESET_DAY: '31' }, '--credit-reset-day'],
    [{ MCP1688_PARSE_BASE_URL: 'ftp://x' }, 'must be an http(s) URL'],
    [{ MCP1688_UPSTREM: 'parse' }, 'MCP1688_UPSTREM is not known'],
  ])('refuses %j and says which option it is', (env, words) => {
    expect(() => load({ env })).toThrow(AppError)
    expect(() => load({ env })).toThrow(words)
  })

  it('guesses what a misspelt variable was meant to be', () => {
    try {
      load({ env: { MCP1688_PARSE_APIKEY: 'pmx_secret' } })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ hint: expect.stringContaining('MCP1688_PARSE_API_KEY') })
      expect(JSON.stringify(error)).not.toContain('pmx_secret')
    }
  })
})

describe('listOptions', () => {
  it('makes flag and variable from the key, and every option has help', () => {
    const options = listOptions()
    expect(options.find(option => option.key === 'dataDir')).toMatchObject({
      flag: '--data-dir',
      env: 'MCP1688_DATA_DIR',
    })
    for (const option of options) expect(option.help).toMatch(/\.$/)
    expect(new Set(options.map(option => option.env)).size).toBe(options.length)
  })

  it('knows which values must never be printed', () => {
    expect(secretsOf(load({ env: { MCP1688_PARSE_API_KEY: 'pmx_1' } }))).toEqual(['pmx_1'])
  })
})
