/** Starts the built program in tests: with an environment of its own and a data folder that goes away. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ServerCommand } from './clients.ts'

/** The project's folder. */
export const ROOT = path.resolve(import.meta.dirname, '../..')

/** The built program. */
export const PROGRAM = path.join(ROOT, 'dist/mcp-1688.js')

/** A folder that {@link TempDir.remove} deletes. */
export interface TempDir {
  path: string
  remove(): void
}

export function makeTempDir(): TempDir {
  const dir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-test-'))
  return { path: dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** How to start the program as an MCP server over stdio. Nothing of the tester's own environment gets in. */
export function serverCommand(dataDir: string, env: Record<string, string> = {}): ServerCommand {
  return {
    command: process.execPath,
    args: [PROGRAM],
    env: { PATH: process.env.PATH ?? '', HOME: dataDir, MCP1688_DATA_DIR: dataDir, MCP1688_LOG_LEVEL: 'warn', ...env },
  }
}

/** What a run of the program left. */
export interface RunResult {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Runs the program to its end. */
export async function runProgram(
  args: string[],
  dataDir: string,
  env: Record<string, string> = {},
): Promise<RunResult> {
  const command = serverCommand(dataDir, env)
  const child = spawn(command.command, [...command.args, ...args], {
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { exitCode, stdout, stderr }
}
