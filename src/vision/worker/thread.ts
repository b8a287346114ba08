/** One thread of the picture worker from start to end: limits in time, and never holding the process open while idle. */
import { Worker } from 'node:worker_threads'
import type { ModelChoice, WorkerReply, WorkerRequest } from './messages.ts'

/** Why a thread is no more: it never came up, it broke, or it held a request for too long. */
export type ThreadEnd = 'not_started' | 'died' | 'took_too_long'

export interface ThreadOptions {
  /** The built `entry.ts`. */
  workerFile: string
  model: ModelChoice
  /** The longest that loading the model may take, milliseconds. */
  loadLimitMs: number
  /** The longest that one request may take once the model is there, milliseconds. */
  requestLimitMs: number
  onReply: (reply: Exclude<WorkerReply, { kind: 'ready' }>) => void
  /** Called once; nothing is called after it. */
  onEnd: (end: ThreadEnd, cause?: unknown) => void
}

export interface Thread {
  /** Sends a request; the one before has to be answered. The bytes are copied, for the caller keeps them. */
  send(request: WorkerRequest): void
  /** Ends it without a call of `onEnd`. */
  stop(): Promise<void>
}

/** Starts a thread. It keeps the process alive only while a request is out. */
export function startThread(options: ThreadOptions): Thread {
  const { workerFile, model, loadLimitMs, requestLimitMs, onReply, onEnd } = options
  // Standard output belongs to the protocol: with `stdout` what a library prints there stays in the thread. It is not read away
  // either, for a stream that flows keeps the process alive.
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
  const endOfItself = (cause?: unknown) => end(state === 'loading' ? 'not_started' : 'died', cause)
  worker.on('error', endOfItself)
  worker.on('exit', code => endOfItself(new Error(`exit code ${code}`)))
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
