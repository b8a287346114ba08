/** What a host shows of a server that cannot work: not that the connection closed, but why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectOverStdio, WIRES } from '../support/clients.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, serverCommand } from '../support/program.ts'

const dir = makeTempDir()
const ROWS = makeIndexRows(1, [''])
let parse: ParseServer
beforeAll(async () => {
  parse = await startParseServer({ rows: ROWS })
})
afterAll(async () => {
  await parse.close()
  dir.remove()
})

const open = (wire: (typeof WIRES)[number], env: Record<string, string>) =>
  connectOverStdio(wire, serverCommand(dir.path, env))

describe.each(WIRES)('%s', wire => {
  it.each([
    [
      'a wrong value',
      { MCP1688_TIER: 'gold' },
      'Invalid --tier (MCP1688_TIER) "gold": must be free, hobby or developer.',
    ],
    ['a wrong tool', { MCP1688_TOOLS: 'serch_by_image' }, '(MCP1688_TOOLS): "serch_by_image" is not a tool'],
    [
      'a secret that is cut',
      { MCP1688_TMAPI_TOKEN: 'se cret' },
      'Invalid --tmapi-token (MCP1688_TMAPI_TOKEN): contains',
    ],
    ['a proxy of another kind', { HTTPS_PROXY: 'socks5://u:se%20cret@127.0.0.1:1' }, 'HTTPS_PROXY does not contain'],
    [
      'a file that is missing',
      { MCP1688_TMAPI_TOKEN_FILE: '/no/such/file' },
      'MCP1688_TMAPI_TOKEN_FILE names cannot be read',
    ],
  ])('%s is told by every call, and the tools are listed', async (_name, env, words) => {
    const client = await open(wire, env)
    expect((await client.listTools()).map(({ name }) => name)).toContain('search_by_image')
    expect(client.instructions()).toContain(words)
    for (const [tool, input] of [
      ['get_usage', {}],
      ['get_product_details', { offer_id: '7000000001' }],
      ['search_by_image', { image_url: 'sample:dress-03.webp' }],
    ] as const) {
      const reply = await client.call(tool, input)
      expect(reply).toMatchObject({ isError: true, text: expect.stringContaining(words) })
      expect(reply.text).toContain('config_invalid')
      expect(JSON.stringify(reply)).not.toContain('se cret')
    }
    await client.close()
  })

  it('nothing is sent with a key that is not filled in', async () => {
    const client = await open(wire, { MCP1688_PARSE_API_KEY: `\${PARSE_API_KEY}`, MCP1688_PARSE_BASE_URL: parse.url })
    const reply = await client.call('get_product_details', { offer_id: String(ROWS[0]?.offer_id) })
    expect(reply.text).toContain('not filled in')
    expect(parse.calls).toEqual([])
    await client.close()
  })

  it('a variable that does not exist is noted once, and calls go on', async () => {
    const client = await open(wire, { MCP1688_PARSE_APIKEY: 'pmx_secret' })
    const reply = await client.call('get_usage')
    expect(reply).toMatchObject({ isError: false })
    expect(reply.text).toContain(
      'The environment variable MCP1688_PARSE_APIKEY does not exist and was ignored: did you mean MCP1688_PARSE_API_KEY?',
    )
    expect(reply.text).not.toContain('pmx_secret')
    await client.close()
  })
})
