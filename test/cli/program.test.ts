import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { makeTempDir, ROOT } from '../support/program.ts'

const dir = makeTempDir()
afterAll(() => dir.remove())

async function run(argv: string[], signal = new AbortController().signal) {
  const said = { out: '', err: '' }
  const exitCode = await runProgram({
    argv,
    signal,
    env: { MCP1688_DATA_DIR: dir.path, MCP1688_LOG_LEVEL: 'warn' },
    homeDir: dir.path,
    platform: process.platform,
    execPath: process.execPath,
    stdoutColumns: null,
    packageDir: ROOT,
    stdout: text => {
      said.out += text
    },
    stderr: text => {
      said.err += text
    },
  })
  return { exitCode, ...said }
}

describe('runProgram', () => {
  it('ends an export whose reader has gone, without a word', async () => {
    expect(await run(['catalogue', 'export'], AbortSignal.abort())).toEqual({ exitCode: 5, out: '', err: '' })
  })

  it('ends an export to a file that was cancelled, and says so', async () => {
    const file = path.join(dir.path, 'out.csv')
    const { exitCode, out, err } = await run(['catalogue', 'export', file], AbortSignal.abort())
    expect({ exitCode, out }).toEqual({ exitCode: 5, out: '' })
    expect(err).toMatch(/^error: The call was cancelled.*\n\(code: cancelled; retryable: yes\)\n$/)
  })
})
