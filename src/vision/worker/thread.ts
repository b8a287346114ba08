/** One thread of the picture worker, with time limits. An idle thread does not keep the process alive. */
import { Worker } from 'node:worker_threads'
import type { ModelChoice, WorkerReply, WorkerRequest } from './messages.ts'

export type ThreadEnd = 'not_started' | 'died' | 'took_too_long'

export interface ThreadOptions {
  /** The built `entry.ts`. */
  workerFile: string
  model: ModelChoice
  loadLimitMs: number
  /** Once the model is loaded. */
  requestLimitMs: number
  onReply: (reply: Exclude<WorkerReply, { kind: 'ready' }>) => void
  /** Called once, after all replies. */
  onEnd: (end: ThreadEnd, cause?: unknown) => void
}

export interface Thread {
  /** The previous request must have been answered. The bytes are copied, because the caller keeps them. */
  send(request: WorkerRequest): void
  /** Does not call `onEnd`. */
  stop(): Promise<void>
}

/** The thread keeps the process alive only while a request is pending. */
export function startThread(options: ThreadOptions): Thread {
  const { workerFile, model, loadLimitMs, requestLimitMs, onReply, onEnd } = options
  // Standard output belongs to the protocol: `stdout` keeps what a library prints in the thread. The stream is not
  // drained, because a flowing one keeps the process alive.
  const worker = new Worker(workerFile, { workerData: model, execArgv: [], stdout: true })
  worker.unref()
  let state: 'loading' | 'ready' | 'ended' = 'loading'
  let isBusy = false
  let timer: NodeJS.Timeout | undefined

  const startTimer = () => {
    clearTimeout(timer)
    timer =
      state === 'loading'
        ? setTimeout(() => end('not_started', new Error('the model did not load in time')), loadLimitMs)
        : setTimeout(() => end('took_too_long'), requestLimitMs)
  }
  const end = (why: ThreadEnd, cause?: unknown) => {
    if (state === 'ended') return
    state = 'ended'
    clearTimeout(timer)
    void worker.terminate()
    onEnd(why, cause)
  }
  const endUnexpectedly = (cause?: unknown) => end(state === 'loading' ? 'not_started' : 'died', cause)
  worker.on('error', endUnexpectedly)
  worker.on('exit', code => endUnexpectedly(new Error(`exit code ${code}`)))
  worker.on('message', (reply: WorkerReply) => {
    if (state === 'ended') return
    if (reply.kind === 'ready') {
      state = 'ready'
      if (isBusy) startTimer()
      return
    }
    clearTimeout(timer)
    isBusy = false
    worker.unref()
    onReply(reply)
  })

  return {
    send({ bytes, purpose }) {
      isBusy = true
      worker.ref()
      startTimer()
      const copy = new Uint8Array(bytes)
      const request: WorkerRequest = { bytes: copy, purpose }
      worker.postMessage(request, [copy.buffer])
    },
    async stop() {
      state = 'ended'
      clearTimeout(timer)
      await worker.terminate()
    },
  }
}
