/** Real processes that share a reply cache's file, and the server that counts what they fetch. */
import { type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { ChildOrder, ChildReport } from './cache-child.ts'
import { listenOnLoopback } from './loopback.ts'

const CHILD = path.join(import.meta.dirname, 'cache-child.ts')

export interface CountingServer {
  url: string
  /** The ids that were fetched so far, in order. */
  readonly fetched: readonly string[]
  /** Resolves after that many fetches. */
  seen(count: number): Promise<void>
  /** Answers pending and later fetches with `title of id`, padded to `bytes`. */
  answer(bytes?: number): void
  close(): Promise<void>
}

export async function startCountingServer(): Promise<CountingServer> {
  const fetched: string[] = []
  const waiting: (() => void)[] = []
  let fill: number | null = null
  const server = createServer((request, response: ServerResponse) => {
    const id = String(request.url?.slice(1))
    fetched.push(id)
    const answer = (): void => void response.end(`title of ${id}`.padEnd(fill ?? 0, '.'))
    if (fill === null) waiting.push(answer)
    else answer()
    server.emit('fetched')
  })
  const { origin, close } = await listenOnLoopback(server)
  return {
    url: origin,
    fetched,
    async seen(count) {
      while (fetched.length < count) await once(server, 'fetched')
    },
    answer(bytes = 0) {
      fill = bytes
      for (const answer of waiting) answer()
    },
    close,
  }
}

export interface AskingProcess {
  /** Resolves when all calls of the order are made. */
  ask(order: Partial<ChildOrder> & Pick<ChildOrder, 'url'>): Promise<void>
  report(): Promise<ChildReport>
  /** With SIGKILL. */
  kill(): Promise<void>
}

/** @param maxFileKiB limits each of its files, as a full disk does. */
export function startAskingProcess(file: string, maxFileKiB?: number): AskingProcess {
  const args = ['--import', 'tsx', CHILD, file]
  const stdio: StdioOptions = ['pipe', 'pipe', 'inherit']
  const child =
    maxFileKiB === undefined
      ? spawn(process.execPath, args, { stdio })
      : spawn('bash', ['-c', `ulimit -f ${maxFileKiB}; exec "$0" "$@"`, process.execPath, ...args], { stdio })
  if (!child.stdin || !child.stdout) throw new Error('no pipes')
  const { stdin } = child
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => String((await lines.next()).value)
  return {
    async ask({ url, calls = 1, ids = ['id'], aheadMs = 0 }) {
      stdin.write(`${JSON.stringify({ url, calls, ids, aheadMs })}\n`)
      await nextLine()
    },
    report: async () => JSON.parse(await nextLine()),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
