/** Runs the protocol's referee (`@modelcontextprotocol/conformance`) against a server, in a separate process. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../support/program.ts'

const REFEREE = path.join(ROOT, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
const HOOK = path.join(import.meta.dirname, 'fs-glob-hook.mjs')

export type Revision = '2025-11-25' | '2026-07-28'

export interface Verdict {
  exitCode: number | null
  /** Scenarios with at least one passed check and no failed one. */
  passed: string[]
  /** Scenarios with a failed check, expected or not. */
  failed: string[]
  output: string
}

/** Runs every scenario of a revision. @param expectedFailures a file with the checks that must fail. */
export async function judge(url: string, revision: Revision, expectedFailures?: string): Promise<Verdict> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'mcp-1688-referee-'))
  const args = ['--import', HOOK, REFEREE, 'server', '--url', url, '--requirements', revision]
  if (expectedFailures) args.push('--expected-failures', expectedFailures)
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', chunk => {
      output += chunk
    })
  }
  const exitCode = await new Promise<number | null>(resolve => child.once('close', resolve))
  rmSync(cwd, { recursive: true, force: true })
  const scores = [...output.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm)]
  const named = (isOne: (passed: number, failed: number) => boolean) =>
    scores.filter(([, , passed, failed]) => isOne(Number(passed), Number(failed))).map(([, name = '']) => name)
  return {
    exitCode,
    passed: named((passed, failed) => passed > 0 && failed === 0),
    failed: named((_passed, failed) => failed > 0),
    output,
  }
}
