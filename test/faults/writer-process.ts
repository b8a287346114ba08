/** Runs the ledger's writer program, as it is or under strace. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

export interface WriterLog {
  /** Calls that it was granted. */
  callIds: number[]
  failures: number
  /** Whether it came to its end: nothing was left to reserve. */
  finished: boolean
}

export interface WriterProcess {
  /** When it begins to reserve. */
  ready: Promise<void>
  log: Promise<WriterLog>
  kill(): void
}

/** Bundles a writer of test/support, so that it starts quickly; inside node_modules, where its packages can be found. @returns the file to run. */
export async function bundleWriter(name = 'ledger-writer'): Promise<string> {
  const root = path.dirname(createRequire(import.meta.url).resolve('../../package.json'))
  const outfile = path.join(root, 'node_modules', '.cache', 'mcp-1688', `${name}.mjs`)
  mkdirSync(path.dirname(outfile), { recursive: true })
  await build({
    entryPoints: [path.join(root, 'test', 'support', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  return outfile
}

/** Starts a writer. @param wrapper a command that runs the rest of its line, for example strace. */
export function startWriter(args: readonly string[], wrapper: readonly string[] = []): WriterProcess {
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
  const log: WriterLog = { callIds: [], failures: 0, finished: false }
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
    createInterface({ input: child.stdout }).on('line', line => {
      if (line === 'ready') resolve()
      else if (line === 'done') log.finished = true
      else if (line === 'failed') log.failures++
      else log.callIds.push(Number(line))
    })
  })
  return { ready, log: ended(child).then(() => log), kill: () => child.kill('SIGKILL') }
}

/** Runs a writer again and again, killed at a random time between `fromMs` and `toMs` after it began, until it comes to its end. */
export async function keepWriting(
  args: readonly string[],
  [fromMs, toMs]: readonly [number, number],
): Promise<{ logs: WriterLog[]; kills: number }> {
  const logs: WriterLog[] = []
  for (let kills = 0; ; kills++) {
    const writer = startWriter(args)
    await writer.ready
    const timer = setTimeout(writer.kill, fromMs + Math.random() * (toMs - fromMs))
    const log = await writer.log
    clearTimeout(timer)
    logs.push(log)
    if (log.finished) return { logs, kills }
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => child.once('close', () => resolve()))
}
