import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectOverHttp } from '../support/clients.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, runProgram, type TempDir } from '../support/program.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'
import { straceProblem } from '../support/strace.ts'

const OFFER = '7000000001'

const reason = straceProblem()
if (reason !== null) process.stderr.write(`A full disk is not tested: ${reason}.\n`)

describe.skipIf(reason !== null)('serve on a full disk', () => {
  let dir: TempDir
  let upstream: ParseServer
  let env: Record<string, string>
  beforeEach(async () => {
    dir = makeTempDir()
    upstream = await startParseServer({ rows: makeIndexRows(150, ['']) })
    env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
  })
  afterEach(async () => {
    await upstream.close()
    dir.remove()
  })

  it('gives a key holder what is kept, refuses what costs a credit, and still counts the rate', async () => {
    const added = await runProgram(['keys', 'add', '--name', 'Ana', '--json'], dir.path, env)
    const key: string = JSON.parse(added.stdout).key
    const connectTo = ({ url }: ServeProcess) =>
      connectOverHttp('v2 client, 2026 wire', `${url}/mcp`, { 'x-api-key': key })
    // Keeps the files open that SQLite makes beside its own, as at a disk that fills while servers run.
    const earlier = await startServe(dir.path, env)
    const before = await connectTo(earlier)
    await before.call('get_product_details', { offer_id: OFFER })
    await before.close()
    const sent = upstream.calls.length
    const server = await startServe(dir.path, env, FULL_DISK)
    const client = await connectTo(server)
    const details = (id: string) => client.call('get_product_details', { offer_id: id })
    expect(await details(OFFER)).toMatchObject({ isError: false, structured: { credits: { spent: 0 } } })
    expect((await client.call('get_usage')).isError).toBe(false)
    const refused = await details('7000000003')
    expect([refused.isError, refused.text]).toEqual([
      true,
      expect.stringMatching(
        /The file ledger-\w+\.db in the data folder cannot be written: the disk is full\. Make room/,
      ),
    ])
    for (let call = 2; call < 5; call++) expect((await details(OFFER)).isError).toBe(false)
    expect((await details(OFFER)).text).toContain('(code: rate_limited')
    expect(upstream.calls).toHaveLength(sent)
    await client.close()
    await server.close()
    await earlier.close()
    expect(readdirSync(dir.path).filter(name => name.includes('damaged'))).toEqual([])
  })
})

const FULL_DISK = [
  'strace',
  // The traced program is the child, which gets the signals.
  '-D',
  '-f',
  '-qq',
  '-o',
  '/dev/null',
  '-e',
  'trace=pwrite64',
  '-e',
  'inject=pwrite64:error=ENOSPC',
]
