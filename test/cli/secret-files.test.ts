import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withSecretFiles } from '../../src/cli/secret-files.ts'
import { listOptions } from '../../src/config.ts'
import { runInProcess } from '../support/in-process.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

let dir: TempDir
let file: string
beforeAll(() => {
  dir = makeTempDir()
  file = path.join(dir.path, 'secret')
  writeFileSync(file, 'from-a-file\n')
})
afterAll(() => dir.remove())

test.each(listOptions().filter(({ secret }) => secret))('$env can come from a file', ({ env }) => {
  expect(withSecretFiles({ [`${env}_FILE`]: file, OTHER: 'x' })).toEqual({ [env]: 'from-a-file', OTHER: 'x' })
})

test('a missing or an empty file, and a value beside it, are refused without showing either', () => {
  const empty = path.join(dir.path, 'empty')
  writeFileSync(empty, '\n')
  const refusal = (env: Record<string, string>) => expect(() => withSecretFiles(env))
  refusal({ MCP1688_TMAPI_TOKEN_FILE: `${file}-none` }).toThrow('cannot be read')
  refusal({ MCP1688_TMAPI_TOKEN_FILE: empty }).toThrow('holds no secret')
  refusal({ MCP1688_TMAPI_TOKEN_FILE: '/dev/zero' }).toThrow('holds no secret')
  refusal({ MCP1688_TMAPI_TOKEN_FILE: file, MCP1688_TMAPI_TOKEN: 'canary' }).toThrow('Both')
})

test('the program reads it, and knows no such variable of an option that is not a secret', async () => {
  const env = { MCP1688_UPSTREAM: 'tmapi', MCP1688_TMAPI_TOKEN_FILE: file }
  expect((await runInProcess(['usage'], dir.path, env)).stdout).toContain('tmapi')
  const { exitCode, stderr } = await runInProcess(['usage'], dir.path, { MCP1688_UPSTREAM_FILE: file })
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Unknown environment variable')])
})
