import { cpSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectOverStdio } from '../support/clients.ts'
import { damageFile, settle } from '../support/file-damage.ts'
import { runInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, runProgram, serverCommand, type TempDir } from '../support/program.ts'

const OFFER = '7000000001'

/** Filled once, and copied for each test. */
let whole: TempDir
let dir: TempDir
let upstream: ParseServer
let env: Record<string, string>
beforeAll(async () => {
  whole = makeTempDir()
  upstream = await startParseServer({ rows: makeIndexRows(150, ['']) })
  env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url, MCP1688_TIER: 'developer' }
  // Fills the ledger, the cache and the catalogue.
  await runInProcess(['details', OFFER], whole.path, env)
  await runInProcess(['search', 'sample:mug-01.webp'], whole.path, env)
})
beforeEach(() => {
  dir = makeTempDir()
  cpSync(whole.path, dir.path, { recursive: true })
})
afterEach(() => dir.remove())
afterAll(async () => {
  await upstream.close()
  whole.remove()
})

const run = (...args: string[]) => runProgram(args, dir.path, env)

/** @param name the beginning of the file's name. */
function damage(name: string): string {
  const file = readdirSync(dir.path).find(each => each.startsWith(name) && /^[\w-]+\.db$/.test(each)) ?? ''
  settle(path.join(dir.path, file))
  damageFile(path.join(dir.path, file))
  return file
}

const ASIDE = (name: string) => new RegExp(`${name}\\.damaged-\\d+T\\d+Z\\.db`)

describe('a damaged file in the data folder', () => {
  it('of the catalogue is set aside, which the next reply says once', async () => {
    damage('catalogue')
    const client = await connectOverStdio('v2 client, 2026 wire', serverCommand(dir.path, env))
    const search = () => client.call('search_by_image', { image_url: 'sample:mug-01.webp', page_size: 3 })
    const first = await search()
    expect(first.text).toMatch(/The catalogue was damaged, so a new one was started\./)
    expect((await search()).text).not.toContain('damaged')
    await client.close()
    const aside = ASIDE('catalogue').exec(first.text)?.[0] ?? ''
    expect(readdirSync(dir.path)).toContain(aside)
    expect((await run('catalogue', 'export')).stdout).toContain(OFFER)
  })

  it('of the reply cache is set aside, which the next reply says', async () => {
    damage('cache')
    const { exitCode, stdout, stderr } = await run('details', OFFER)
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(ASIDE('cache'))])
    expect(stderr).toContain('a damaged file was set aside')
    const calls = upstream.calls.length
    expect((await run('details', OFFER)).exitCode).toBe(0)
    expect(upstream.calls).toHaveLength(calls)
  })

  it('of the ledger stops paid calls and nothing else', async () => {
    const ledger = damage('ledger')
    const before = readFileSync(path.join(dir.path, ledger))
    const calls = upstream.calls.length
    const doctor = await run('doctor', '--spend')
    expect(doctor.stdout).toMatch(new RegExp(`✗ parse, ledger +The ledger ${ledger} in the data folder is damaged`))
    expect(doctor.stdout).toMatch(/✓ catalogue/)
    const usage = await run('usage')
    expect(usage.exitCode).toBe(0)
    expect(usage.stdout).toContain(`note: The ledger ${ledger} in the data folder is damaged`)
    expect(usage.stdout).toContain(`Run mcp-1688 ledger restore ${ledger} --used N`)
    expect(usage.stdout).toContain('credits: - of')
    const refused = await run('details', '7000000002')
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain(`The ledger ${ledger} in the data folder is damaged`)
    expect((await run('details', OFFER)).exitCode).toBe(0)
    const search = await run('search', 'sample:mug-01.webp', '--page-size', '5')
    expect([search.exitCode, search.stdout]).toEqual([0, expect.stringContaining(ledger)])
    expect(upstream.calls).toHaveLength(calls)
    expect(readFileSync(path.join(dir.path, ledger))).toEqual(before)
  })
})
