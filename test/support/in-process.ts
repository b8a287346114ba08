/**
 * The program in the test's own process, from its sources: where a process of its own would only add its start. Files that
 * a test damages or deletes afterwards are for `runProgram`: the driver of SQLite may keep them open after `close`.
 */
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { InMemoryTransport } from '@modelcontextprotocol/client'
import { parseJSONRPCMessage } from '@modelcontextprotocol/server'
import { createApp } from '../../src/app/create-app.ts'
import { runProgram } from '../../src/cli/program.ts'
import { hasIndex } from '../../src/config.ts'
import { loadConfig } from '../../src/load-config.ts'
import { createLogger } from '../../src/log.ts'
import { serveOverStdio } from '../../src/mcp/stdio.ts'
import { selectTools } from '../../src/tools/selection.ts'
import { version } from '../../src/version.ts'
import { connectCurrent, type TestClient } from './clients.ts'
import { ROOT, type RunResult, serverCommand } from './program.ts'

type Env = Record<string, string>

function machine(dataDir: string, env: Env) {
  const clean = serverCommand(dataDir, env).env
  const { platform, execPath } = process
  return { env: clean, platform, execPath, homeDir: clean.HOME ?? '', stdoutColumns: null, packageDir: ROOT }
}

/** One command line, as `runProgram` runs it. */
export async function runInProcess(args: readonly string[], dataDir: string, env: Env = {}): Promise<RunResult> {
  let stdout = ''
  let stderr = ''
  const exitCode = await runProgram({
    ...machine(dataDir, env),
    argv: args,
    signal: new AbortController().signal,
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
  })
  return { exitCode, stdout, stderr }
}

export interface LocalServe {
  /** `http://127.0.0.1:port`. */
  url: string
  stderr(): string
  close(): Promise<void>
}

/** `mcp-1688 serve` on a free port of loopback. */
export async function serveInProcess(dataDir: string, env: Env = {}): Promise<LocalServe> {
  const stop = new AbortController()
  let stderr = ''
  let ended: Promise<number> = Promise.resolve(0)
  const port = await new Promise<string>((resolve, reject) => {
    ended = runProgram({
      ...machine(dataDir, env),
      argv: ['serve', '--port', '0'],
      signal: stop.signal,
      stdout: () => undefined,
      stderr: text => {
        stderr += text
        const ready = /Listening on http:\/\/[^ ]+:(\d+) /.exec(stderr)?.[1]
        if (ready) resolve(ready)
      },
    })
    void ended.then(code => reject(new Error(`serve ended with ${code}: ${stderr}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    stderr: () => stderr,
    close: async () => {
      stop.abort()
      await ended
    },
  }
}

/** A client on the 2026 wire of a server that reads and writes lines, as over stdio. */
export async function connectInProcess(dataDir: string, env: Env = {}): Promise<TestClient> {
  const { env: clean, platform, homeDir } = machine(dataDir, env)
  const config = loadConfig({ env: clean, flags: {}, platform, homeDir })
  const logger = createLogger({ level: 'error', write: () => undefined })
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: true, homeDir })
  const { services, readPage, stopDecoding } = app
  const tools = selectTools(config.tools, hasIndex(config))
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const [near, far] = InMemoryTransport.createLinkedPair()
  far.onmessage = message => void stdin.write(`${JSON.stringify(message)}\n`)
  far.onclose = () => void stdin.end()
  createInterface(stdout).on('line', line => void far.send(parseJSONRPCMessage(JSON.parse(line))))
  const deps = { version, tools, services, logger, readPage, stopDecoding, fileParams: config.fileParams }
  const served = serveOverStdio(deps, new AbortController().signal, { stdin, stdout })
  const client = await connectCurrent(near)
  return {
    ...client,
    close: async () => {
      await client.close()
      await served
      await app.close()
    },
  }
}
