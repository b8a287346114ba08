#!/usr/bin/env node
/** The process: the only reader of argv and the environment. What it imports at once must load on a Node that is too old, to say so. */
import { homedir } from 'node:os'
import path from 'node:path'
import { nodeProblem } from './version.ts'

const problem = nodeProblem(process.versions.node)
if (problem === null) await main()
else {
  process.exitCode = 1
  process.stderr.write(`error: ${problem}\n`)
}

async function main(): Promise<void> {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  process.stdout.on('error', (error: Error) => {
    stop.abort()
    // A reader that has closed its end of the pipe (`mcp-1688 search … | head`) is no error of ours; a full disk is one.
    if ('code' in error && (error.code === 'EPIPE' || error.code === 'EOF')) return
    process.exitCode = 1
    process.stderr.write(`error: stdout cannot be written: ${error.message}\n`)
  })
  // A host that does not read the log loses nothing but the log.
  process.stderr.on('error', () => {})

  const { runProgram } = await import('./cli/program.ts')
  const exitCode = await runProgram({
    argv: process.argv.slice(2),
    env: process.env,
    platform: process.platform,
    homeDir: homeOfUser(),
    execPath: process.execPath,
    stdoutColumns: process.stdout.isTTY ? (process.stdout.columns ?? 0) : null,
    packageDir: path.resolve(import.meta.dirname, '..'),
    signal: stop.signal,
    stdout: text => process.stdout.write(text),
    stderr: text => {
      // One write for all lines of a turn of the event loop: each write to a pipe holds up the program.
      if (process.stderr.writableCorked === 0) {
        process.stderr.cork()
        setImmediate(() => process.stderr.uncork())
      }
      process.stderr.write(text)
    },
  })
  // A stdout that was lost has set its own.
  process.exitCode ??= exitCode
}

/** Empty for a user without a home, as one without a passwd entry in a container. */
function homeOfUser(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
