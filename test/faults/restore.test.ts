/** Damaged ledgers and keys, restored by the commands that the errors name. */
import { spawn } from 'node:child_process'
import { cpSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { toolCall } from '../http/service.ts'
import { runInProcess, serveInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, runProgram, type TempDir } from '../support/program.ts'

const GARBAGE = 'not a database at all'

/** Made once by each group, and copied for each test. */
let whole: TempDir
let dir: TempDir
let env: Record<string, string>
beforeEach(() => {
  dir = makeTempDir()
  cpSync(whole.path, dir.path, { recursive: true })
})
afterEach(() => dir.remove())

const run = (...args: string[]) => runInProcess(args, dir.path, env)
/** In a process of its own: the driver may keep a damaged file open until its end. */
const runOnDamage = (...args: string[]) => runProgram(args, dir.path, env)
const file = (name: string) => path.join(dir.path, name)
const copiesOf = (stem: string) => readdirSync(dir.path).filter(name => name.startsWith(`${stem}.copy-`))

function put(name: string, damage: string | null): void {
  for (const end of ['-wal', '-shm']) rmSync(`${file(name)}${end}`, { force: true })
  if (damage === null) rmSync(file(name))
  else writeFileSync(file(name), damage)
}

describe('a ledger', () => {
  let upstream: ParseServer
  let ledger: string
  beforeAll(async () => {
    upstream = await startParseServer({ rows: makeIndexRows(10, ['']) })
    env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
    whole = makeTempDir()
    await runInProcess(['details', '7000000001'], whole.path, env)
    ledger = readdirSync(whole.path).find(name => /^ledger-\w+\.db$/.test(name)) ?? ''
  })
  afterAll(async () => {
    await upstream.close()
    whole.remove()
  })

  test.each([
    ['overwritten', GARBAGE],
    ['emptied', ''],
    ['deleted', null],
  ])('that was %s stops calls, and is restored with the figure of the user', async (_name, damage) => {
    put(ledger, damage)
    const calls = upstream.calls.length
    const refused = await runOnDamage('details', '7000000002')
    expect(refused.exitCode).toBe(1)
    const [copy] = copiesOf(path.parse(ledger).name)
    expect(refused.stderr).toContain(`Its newest copy is ${copy}. Run mcp-1688 ledger restore ${ledger} --used N`)
    expect(upstream.calls).toHaveLength(calls)

    const blind = await run('ledger', 'restore')
    expect([blind.exitCode, blind.stderr]).toEqual([2, expect.stringContaining('exactly one of --used and --left')])
    const restored = await runOnDamage('ledger', 'restore', '--left', '41')
    expect(restored).toMatchObject({ exitCode: 0 })
    expect(restored.stdout).toContain(`${ledger} was restored from ${copy}.`)
    expect(restored.stdout).toMatch(/now 59 count as used/)
    expect((await run('usage')).stdout).toContain('credits: 41 of 100 left')
    expect((await run('details', '7000000002')).exitCode).toBe(0)
  })

  test('of which no copy is left starts with the figure of the user', async () => {
    for (const copy of copiesOf(path.parse(ledger).name)) rmSync(file(copy))
    put(ledger, GARBAGE)
    expect((await runOnDamage('details', '7000000002')).stderr).toContain('There is no copy of it.')
    const restored = await runOnDamage('ledger', 'restore', ledger, '--used', '12')
    expect(restored.stdout).toMatch(/A new ledger was started, in which 12 credits count/)
    expect((await run('usage')).stdout).toContain('credits: 88 of 100 left')
    expect(statSync(file(ledger)).mode & 0o777).toBe(0o600)
  })

  test('is left alone while it is sound, and while a process has it open', async () => {
    const sound = await runOnDamage('ledger', 'restore', '--used', '0')
    expect([sound.exitCode, sound.stderr]).toEqual([2, expect.stringContaining('damaged: nothing was changed')])
    put(ledger, GARBAGE)
    const holder = spawn('sleep', ['60'], { stdio: [openSync(file(ledger), 'r'), 'ignore', 'ignore'] })
    const refused = await runOnDamage('ledger', 'restore', '--used', '0')
    holder.kill()
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('is in use by another process')])
  })
})

describe('the keys', () => {
  let text: string
  beforeAll(async () => {
    env = {}
    whole = makeTempDir()
    const keys = (...args: string[]) => runInProcess(['keys', ...args, '--json'], whole.path)
    text = JSON.parse((await keys('add', '--name', 'Ana')).stdout).key
    await keys('revoke', JSON.parse((await keys('add', '--name', 'Ben')).stdout).id)
  })
  afterAll(() => whole.remove())

  test.each([
    ['keys.db', GARBAGE],
    ['keys.db', ''],
    ['keys.db', null],
    ['keys.pepper', '0'.repeat(32)],
    ['keys.pepper', ''],
    ['keys.pepper', null],
  ])('damaged in %s (%j) stop the server, and are restored as they were', async (name, damage) => {
    put(name, damage)
    const refused = await runOnDamage('serve', '--port', '0')
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toContain(name)
    expect(refused.stderr).toMatch(/[Rr]un mcp-1688 keys restore, which puts/)

    expect(await runOnDamage('keys', 'restore')).toMatchObject({ exitCode: 0 })
    const server = await serveInProcess(dir.path)
    const call = toolCall('get_usage', {})
    const status = async (key: string) =>
      (await fetch(`${server.url}/mcp`, { ...call, headers: { ...call.headers, 'x-api-key': key } })).status
    expect([await status(text), await status('m1688_00000000_x')]).toEqual([200, 401])
    await server.close()
    const { stdout } = await run('keys', 'list')
    expect(stdout).toMatch(/expires never {2}Ana[\s\S]*revoked .*Ben/)
    expect((await run('keys', 'restore')).stdout).toContain('nothing was changed')
  })
})
