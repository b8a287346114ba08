/** Runs the built program with a clean environment and a temporary data folder. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ServerCommand } from './clients.ts'

export const ROOT = path.resolve(import.meta.dirname, '../..')

export const PROGRAM = path.join(ROOT, 'dist/mcp-1688.js')

export interface TempDir {
  path: string
  remove(): void
}

export function makeTempDir(): TempDir {
  const dir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-test-'))
  return { path: dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** Starts an MCP server over stdio, with nothing from the tester's environment. */
export function serverCommand(dataDir: string, env: Record<string, string> = {}): ServerCommand {
  return {
    command: process.execPath,
    args: [PROGRAM],
    env: { PATH: process.env.PATH ?? '', HOME: dataDir, MCP1688_DATA_DIR: dataDir, MCP1688_LOG_LEVEL: 'warn', ...env },
  }
}

export interface RunResult {
  exitCode: number | null
  stdout: string
  stderr: string
}

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
