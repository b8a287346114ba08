import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands/list.ts'
import { runInProcess } from '../../support/in-process.ts'
import { makeTempDir } from '../../support/program.ts'

async function scriptOf(shell: string): Promise<string> {
  const dir = makeTempDir()
  const { stdout, exitCode } = await runInProcess(['completion', shell], dir.path)
  dir.remove()
  expect(exitCode).toBe(0)
  return stdout
}

describe('completion', () => {
  it.each([
    ['a command', ['mcp-1688', 'se'], 'search serve setup'],
    ['a flag of the command', ['mcp-1688', 'keys', '--na'], '--name'],
    ['a flag of every command', ['mcp-1688', 'search', '--data'], '--data-dir'],
  ])('in bash: %s', async (_what, words, expected) => {
    const typed = `${await scriptOf('bash')}
COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _mcp_1688; echo "\${COMPREPLY[*]}"`
    const { stdout } = await promisify(execFile)('bash', ['-c', typed])
    expect(stdout.trim()).toBe(expected)
  })

  it.each(['zsh', 'fish'])('for %s names every command', async shell => {
    const script = await scriptOf(shell)
    for (const { name } of COMMANDS) expect(script).toMatch(new RegExp(`[ ']${name}\\b`))
  })
})
