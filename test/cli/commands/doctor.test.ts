import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runInProcess } from '../../support/in-process.ts'
import { makeIndexRows } from '../../support/index-rows.ts'
import { startParseServer } from '../../support/parse-server.ts'
import { makeTempDir, type TempDir } from '../../support/program.ts'

describe('doctor', () => {
  let dir: TempDir
  const doctor = (args: string[], env: Record<string, string> = {}) =>
    runInProcess(['doctor', '--log-level', 'silent', ...args], dir.path, env)

  beforeEach(() => {
    dir = makeTempDir()
  })
  afterEach(() => dir.remove())

  it('finds nothing to fix if no key is needed', async () => {
    const { exitCode, stdout } = await doctor([])
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').filter(line => line.startsWith('✓'))).toHaveLength(5)
    expect(stdout).not.toContain('->')
  })

  it('names the variable of a missing key', async () => {
    const { exitCode, stdout } = await doctor([], { MCP1688_UPSTREAM: 'parse' })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✗ parse .*\n +-> .*MCP1688_PARSE_API_KEY/)
  })

  it('checks an upstream that charges for it only with --spend', async () => {
    const upstream = await startParseServer({ rows: makeIndexRows(1, ['']), credits: 5 })
    const env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
    const frugal = await doctor([], env)
    expect(frugal.stdout).toContain('! parse              not checked: that would cost 1 credit')
    expect(upstream.creditsLeft()).toBe(5)
    const spending = await doctor(['--spend'], env)
    expect(spending.stdout).toContain('✓ parse              the key works (1 credit spent)')
    expect(spending.stdout).toContain('✓ parse, ledger      calls and credits are counted')
    expect(upstream.creditsLeft()).toBe(4)
    const refused = await doctor(['--spend', '--json'], { ...env, MCP1688_PARSE_API_KEY: 'pmx_other' })
    expect(refused.exitCode).toBe(1)
    expect(JSON.parse(refused.stdout)).toContainEqual(expect.objectContaining({ check: 'parse', status: 'fail' }))
    await upstream.close()
  })

  it('shows the proxy in use without its password', async () => {
    const { stdout } = await doctor([], { HTTPS_PROXY: 'http://jo:secret@127.0.0.1:9', NO_PROXY: 'localhost' })
    expect(stdout).toContain('✓ proxy              https through http://***@127.0.0.1:9; directly: localhost')
    expect(stdout).not.toContain('secret')
  })

  it('names a data folder that cannot be written', async () => {
    const file = path.join(dir.path, 'file')
    writeFileSync(file, '')
    const { exitCode, stdout } = await doctor(['--data-dir', path.join(file, 'data')])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✗ data folder .* cannot be written\.\n +-> .*MCP1688_DATA_DIR/)
  })
})
