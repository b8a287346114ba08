/** JSON-RPC with a child process by hand, so that no client library is in the measured time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface Wire {
  ask(method: string, params: Record<string, unknown>): Promise<unknown>
  /** Processor time since the start and resident memory now, from /proc (Linux). */
  cost(): { cpuMs: number; rssMb: number }
  close(): Promise<void>
}

/** Starts a program that speaks the 2025 protocol over stdio. */
export function openWire(args: readonly string[], env: Record<string, string> = {}): Wire {
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let lastId = 0
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', line => {
      const { id, result } = JSON.parse(line)
      waiting.get(id)?.resolve(result)
      waiting.delete(id)
    })
  }
  child.once('close', code => {
    for (const { reject } of waiting.values()) reject(new Error(`${args.join(' ')} ended with ${code}`))
  })
  const send = (message: Record<string, unknown>) =>
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  return {
    ask: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        send({ id, method, params })
      }),
    cost: () => costOf(child.pid ?? 0),
    close: () =>
      new Promise(resolve => {
        child.once('close', () => resolve())
        child.stdin?.end()
      }),
  }
}

/** The handshake of a 2025 client. */
export async function greet(wire: Wire): Promise<void> {
  const clientInfo = { name: 'bench', version: '1.0.0' }
  await wire.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
}

/** Sums the scheduler's nanoseconds of all threads, because `stat` counts in ticks of 10 ms. */
export function costOf(pid: number): { cpuMs: number; rssMb: number } {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = tasks.map(task =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  )
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return { cpuMs: nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6, rssMb: rssKb / 1024 }
}
