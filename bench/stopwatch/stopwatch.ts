/** Controls the thread that times requests; see stopwatch-worker.mjs. */
import { once } from 'node:events'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'

export interface TimedRequest {
  url: string
  init?: { method: string; headers: Record<string, string>; body: string }
}

export interface Stopwatch {
  /** The median of each request over all rounds, in milliseconds. */
  medians(rounds: number): Promise<number[]>
  close(): Promise<void>
}

export function startStopwatch(requests: readonly TimedRequest[]): Stopwatch {
  const worker = new Worker(path.join(import.meta.dirname, 'stopwatch-worker.mjs'), { workerData: requests })
  return {
    medians: async rounds => {
      worker.postMessage(rounds)
      const [times] = await once(worker, 'message')
      return z.array(z.number()).parse(times)
    },
    close: async () => void (await worker.terminate()),
  }
}
