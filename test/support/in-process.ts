/**
 * The program in the test's own process, from its sources: where a process of its own would only add its start. Files that
 * a test damages or deletes afterwards are for `runProgram`: the driver of SQLite may keep them open after `close`.
 */
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { InMemoryTransport } from '@modelcontextprotocol/client'
import { InMemoryTransport as OldTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import { parseJSONRPCMessage } from '@modelcontextprotocol/server'
import { createApp } from '../../src/app/create-app.ts'
import { runProgram } from '../../src/cli/program.ts'
import { hasIndex } from '../../src/config.ts'
import { loadConfig } from '../../src/load-config.ts'
import { createLogger } from '../../src/log.ts'
import { serveOverStdio } from '../../src/mcp/stdio.ts'
import { selectTools } from '../../src/tools/selection.ts'
import { version } from '../../src/version.ts'
import { connect, type TestClient, WIRES } from './clients.ts'
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

/** A client of a server that reads and writes lines, as over stdio. */
export async function connectInProcess(
  dataDir: string,
  env: Env = {},
  wire: (typeof WIRES)[number] = WIRES[2],
): Promise<TestClient> {
  const { env: clean, platform, homeDir } = machine(dataDir, env)
  const config = loadConfig({ env: clean, flags: {}, platform, homeDir })
  const logger = createLogger({ level: 'error', write: () => undefined })
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: true, homeDir })
  const { services, readPage, stopDecoding } = app
  const tools = selectTools(config.tools, hasIndex(config))
  const deps = { version, tools, services, logger, readPage, stopDecoding, fileParams: config.fileParams }
  const streams = { stdin: new PassThrough(), stdout: new PassThrough() }
  const served = serveOverStdio(deps, new AbortController().signal, streams)
  const client = await connect(wire, ...transportsTo(streams))
  return {
    ...client,
    close: async () => {
      await client.close()
      await served
      await app.close()
    },
  }
}

/** Of the v1 and of the v2 client; only one of them is to be used. */
function transportsTo({ stdin, stdout }: { stdin: PassThrough; stdout: PassThrough }) {
  const [oldNear, oldFar] = OldTransport.createLinkedPair()
  const [near, far] = InMemoryTransport.createLinkedPair()
  for (const each of [oldFar, far]) {
    each.onmessage = (message: unknown) => void stdin.write(`${JSON.stringify(message)}\n`)
    each.onclose = () => void stdin.end()
  }
  let isOld = false
  createInterface(stdout).on('line', line => {
    const value: unknown = JSON.parse(line)
    void (isOld ? oldFar.send(JSONRPCMessageSchema.parse(value)) : far.send(parseJSONRPCMessage(value)))
  })
  const old = () => {
    isOld = true
    return oldNear
  }
  return [old, () => near] as const
}
