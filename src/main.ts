#!/usr/bin/env node
/** Starts the process. Static imports here must load on versions of Node that are too old, so that we can say so. */
import { homedir } from 'node:os'
import path from 'node:path'
import { nodeProblem } from './version.ts'

/** At least between two writes to stderr. */
const STDERR_PAUSE_MS = 20

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
    // A closed pipe (`mcp-1688 search … | head`) is normal; a full disk is an error.
    if ('code' in error && (error.code === 'EPIPE' || error.code === 'EOF')) return
    process.exitCode = 1
    process.stderr.write(`error: cannot write to stdout: ${error.message}\n`)
  })
  // If the host stops reading the log, only the log is lost.
  process.stderr.on('error', () => {})

  let unwritten = ''
  let writtenAt = Number.NEGATIVE_INFINITY
  const flush = () => {
    process.stderr.write(unwritten)
    unwritten = ''
    writtenAt = performance.now()
  }
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
      // Each write to a pipe blocks the program: the lines of many calls go into one.
      if (unwritten === '') {
        const waitMs = writtenAt + STDERR_PAUSE_MS - performance.now()
        if (waitMs > 0) setTimeout(flush, waitMs)
        else setImmediate(flush)
      }
      unwritten += text
    },
  })
  // A failed stdout has already set one.
  process.exitCode ??= exitCode
}

/** Empty for a user without a home folder, for example one without a passwd entry in a container. */
function homeOfUser(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
