/** Real processes that share a reply cache's file, and the loopback server that counts what they fetch. */
import { type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { ChildOrder, ChildReport } from './cache-child.ts'
import { listenOnLoopback } from './loopback.ts'

const CHILD = path.join(import.meta.dirname, 'cache-child.ts')

/** A server whose answers wait for the test. */
export interface CountingServer {
  url: string
  /** What was fetched so far: the ids, in order. */
  readonly fetched: readonly string[]
  /** Resolves when that many fetches have come. */
  seen(count: number): Promise<void>
  /** Answers all that has come, and from now on all that comes, with `title of id` filled up to `bytes`. */
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

/** A process that asks a reply cache. */
export interface AskingProcess {
  /** Gives an order; resolves when all its calls are made. */
  ask(order: Partial<ChildOrder> & Pick<ChildOrder, 'url'>): Promise<void>
  /** What came of the last order. */
  report(): Promise<ChildReport>
  /** Kills it as nothing can survive. */
  kill(): Promise<void>
}

/** Starts a process. @param maxFileKiB the size that none of its files can pass, as on a full disk. */
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
