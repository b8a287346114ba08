import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, runProgram, serverCommand, type TempDir } from '../support/program.ts'
import { straceProblem } from '../support/strace.ts'

const reason = straceProblem()
if (reason !== null) process.stderr.write(`A full disk is not tested: ${reason}.\n`)

describe.skipIf(reason !== null)('on a full disk', () => {
  let dir: TempDir
  let upstream: ParseServer
  let env: Record<string, string>
  beforeEach(async () => {
    dir = makeTempDir()
    upstream = await startParseServer({ rows: makeIndexRows(150, ['']), credits: 9 })
    env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
    // Creates the files that are full later.
    await runProgram(['usage'], dir.path, env)
    writeFileSync(path.join(dir.path, 'offers.csv'), 'title,price,image\ncup,1,https://cbu01.alicdn.com/a.jpg\n')
  })
  afterEach(async () => {
    await upstream.close()
    dir.remove()
  })

  it.each([
    [['catalogue', 'sync']],
    [['catalogue', 'import', 'offers.csv']],
    [['catalogue', 'remove', 'parse']],
    [['keys', 'add', '--name', 'Ana']],
  ])('%s claims and spends nothing', async args => {
    const { command, args: program, env: cleanEnv } = serverCommand(dir.path, env)
    const faults = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=ENOSPC']
    const child = spawn('strace', [...faults, command, ...program, ...args], { cwd: dir.path, env: cleanEnv })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
    const [exitCode] = await once(child, 'close')
    expect(output).toContain('store_unavailable')
    expect(exitCode).toBe(1)
    expect(upstream.creditsLeft()).toBe(9)
  })
})
