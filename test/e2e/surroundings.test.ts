import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeProblem } from '../../src/version.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { startParseServer } from '../support/parse-server.ts'
import { makeTempDir, ROOT, runProgram, type TempDir } from '../support/program.ts'

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir.remove())

/** Runs `script` in the program's process before it starts. */
const before = (script: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
})

it.each([['--version'], ['doctor'], ['usage']])(
  '%s on an unsupported Node.js fails with one sentence',
  async command => {
    const isOld = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } })"
    const { exitCode, stdout, stderr } = await runProgram([command], dir.path, before(isOld))
    expect(stderr).toBe('error: mcp-1688 needs Node.js 20.19 or newer; this is Node.js 18.20.8.\n')
    expect([exitCode, stdout]).toEqual([1, ''])
  },
)

it('supports the same Node.js versions as package.json', () => {
  for (const version of ['16.20.2', '18.20.8', '20.18.3']) expect(nodeProblem(version)).toContain(version)
  for (const version of ['20.19.0', '22.0.0', '24.1.0']) expect(nodeProblem(version)).toBeNull()
  expect(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))).toMatchObject({
    engines: { node: '>=20.19' },
  })
})

it('imports none of the program before it has checked the Node.js version', () => {
  const entry = readFileSync(path.join(ROOT, 'dist/mcp-1688.js'), 'utf8')
  const imported = [...entry.matchAll(/from"(\.\/[^"]+)"/g)].map(([, file = '']) => path.join(ROOT, 'dist', file))
  const bytes = imported.reduce((sum, file) => sum + readFileSync(file).length, entry.length)
  expect(bytes).toBeLessThan(4_000)
})

it('starts for a user without a home folder and a passwd entry', async () => {
  const isNobody = `
    import os from 'node:os'
    import { syncBuiltinESMExports } from 'node:module'
    const fail = () => { throw new Error('uv_os_homedir returned ENOENT') }
    Object.assign(os, { homedir: fail, userInfo: fail })
    syncBuiltinESMExports()`
  const named = await runProgram(['usage'], dir.path, before(isNobody))
  expect([named.exitCode, named.stderr]).toEqual([0, ''])
  const unnamed = await runProgram(['usage'], dir.path, { ...before(isNobody), MCP1688_DATA_DIR: '' })
  expect(unnamed.exitCode).toBe(2)
  expect(unnamed.stderr).toContain('Set HOME, or set MCP1688_DATA_DIR to a folder for the data.')
})

it('calls Parse through the proxy in HTTP_PROXY, with a key that was pasted with a line end', async () => {
  const upstream = await startParseServer({ rows: makeIndexRows(1, ['']), credits: 5 })
  const proxy = await startConnectProxy({ leadsTo: Number(new URL(upstream.url).port) })
  const env = {
    MCP1688_PARSE_BASE_URL: upstream.url.replace('127.0.0.1', 'api.example.com'),
    MCP1688_PARSE_API_KEY: `${upstream.key}\r\n`,
    HTTP_PROXY: proxy.origin,
  }
  const { exitCode, stderr } = await runProgram(['details', '7000000001'], dir.path, env)
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(proxy.asked[0]).toMatch(/^api\.example\.com:/)
  expect(upstream.creditsLeft()).toBeLessThan(5)
  await proxy.close()
  await upstream.close()
})

it('books nothing if the proxy refuses', async () => {
  const proxy = await startConnectProxy({ refusal: 407, leadsTo: 9 })
  const env = { MCP1688_PARSE_API_KEY: 'pmx_1', https_proxy: proxy.origin.replace('//', '//jo:50%secret@') }
  const details = await runProgram(['details', '7000000001'], dir.path, env)
  expect(details.stderr).toContain('requires a user name and password (407).')
  expect(details.stderr).not.toContain('secret')
  const usage = await runProgram(['usage', '--json'], dir.path, env)
  expect(JSON.parse(usage.stdout)).toMatchObject({ credits_used: 0, calls_free_now: 5 })
  await proxy.close()
})

it.each([
  ['catalogue', 'sync', '--json'],
  ['catalogue', 'import', 'FILE'],
  ['catalogue', 'remove', 'parse'],
  ['catalogue', 'copy', '--from', 'SOURCE', '--to', '/dev/null/nowhere'],
  ['keys', 'add', '--name', 'Ana'],
])('%s %s claims and spends nothing where the data folder cannot be written', async (...args) => {
  const upstream = await startParseServer({ rows: makeIndexRows(3, ['']), credits: 9 })
  const file = path.join(dir.path, 'offers.csv')
  writeFileSync(file, 'title,price,moq,image\ncup,1,1,https://cbu01.alicdn.com/a.jpg\n')
  const source = path.join(dir.path, 'source')
  const env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
  expect((await runProgram(['usage'], source, env)).exitCode).toBe(0)
  const line = args.map(arg => ({ FILE: file, SOURCE: source })[arg] ?? arg)
  const { exitCode, stderr } = await runProgram(line, '/dev/null/nowhere', env)
  await upstream.close()
  expect(stderr).toContain('store_unavailable')
  expect(exitCode).toBe(1)
  expect(upstream.creditsLeft()).toBe(9)
})
