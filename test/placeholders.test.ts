import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadConfig } from '../src/load-config.ts'

const KEY_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const load = (env: Record<string, string>) => loadConfig({ env, flags: {}, platform: 'linux', homeDir: '/home/buyer' })

it.each([
  ...['pmx_your_key', 'YOUR_API_KEY', 'your-key-here', 'sk-your-own-token', 'REPLACE_WITH_KEY', 'insert_token_here'],
  ...['your api key', 'YourApiKey', 'yourtoken', 'paste key here', 'replace me', 'CHANGE-ME', 'API KEY', 'secret'],
  ...[`\${PARSE_API_KEY}`, `\${input:parse_key}`, `\${env:KEY}`, '$PARSE_API_KEY', '%PARSE_API_KEY%', '@KEY@', '{key}'],
  ...['{{ parse_key }}', '<your key>', '<KEY>', '[key]', '(your key)', 'pmx_<key>', 'PARSE_API_KEY', '您的密钥'],
  ...['null', 'undefined', 'None', 'N/A', 'false', 'xxxx', '***', '...', '???', 'changeme', 'TODO', 'api_key'],
  ...['pmx_xxxxxxxx', 'pmx_XXXX-XXXX', 'sk-...', 'sk-…', 'pmx_****'],
])('names the placeholder %s as not filled in', text => {
  const env = { MCP1688_PARSE_API_KEY: text }
  const words = `Invalid --parse-api-key (MCP1688_PARSE_API_KEY): not filled in; "${text}" is a placeholder.`
  expect(() => load(env)).toThrow(words)
})

it.each([
  ['MCP1688_PARSE_API_KEY=pmx_1a2b3c4d5e6f', 'begins with "MCP1688_PARSE_API_KEY=";'],
  ['export PARSE_API_KEY="pmx_1a2b3c4d5e6f', 'begins with "export PARSE_API_KEY=";'],
  ['X-API-Key: pmx_1a2b3c4d5e6f', 'begins with "X-API-Key:";'],
  ['Bearer pmx_1a2b3c4d5e6f', 'begins with "Bearer";'],
  ['<pmx_1a2b3c4d5e6f7a8b>', 'stands in brackets;'],
  ['pmx_1a2b…5e6f', 'is shortened,'],
  ['pmx_1a2b****5e6f', 'is shortened,'],
])('says what else is pasted with the key in %s, and repeats none of it', (text, words) => {
  const failure = () => load({ MCP1688_PARSE_API_KEY: text })
  expect(failure).toThrow(`Invalid --parse-api-key (MCP1688_PARSE_API_KEY): ${words}`)
  expect(failure).not.toThrow(/1a2b/)
})

it('takes no random key for a placeholder', () => {
  const random = fc.string({ unit: fc.constantFrom(...KEY_CHARACTERS), minLength: 12, maxLength: 60 })
  fc.assert(
    fc.property(random, fc.constantFrom('', 'pmx_', 'sk-', 'eyJ'), (text, prefix) => {
      const key = `${prefix}${text}`
      expect(load({ MCP1688_PARSE_API_KEY: key }).parseApiKey).toBe(key)
    }),
  )
})
