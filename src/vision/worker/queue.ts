/** The picture worker's queue: one picture at a time, queries first, a new thread if one hangs or dies. */
import { AppError, cancelledError, throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { tookTooLong, unreadable } from '../../pictures/failures.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import type { EmbedPurpose } from '../embedder.ts'
import { fromFailure, type ModelChoice } from './messages.ts'
import { startThread, type Thread, type ThreadEnd } from './thread.ts'

/** A picture at which the thread dies is retried once: the thread may have been at fault. */
const MAX_TRIES = 2

export interface PictureWorker {
  /** See `Embedder.embed`. */
  embed(bytes: Uint8Array, purpose: EmbedPurpose, signal?: AbortSignal): Promise<Int8Array[]>
  /** Ends the thread; pending and later calls fail as cancelled. */
  close(): Promise<void>
}

export interface PictureWorkerOptions {
  /** The built `entry.ts`. */
  workerFile: string
  model: ModelChoice
  /** Default: `CALL_BUDGET.embedding`. */
  pictureLimitMs?: number
  logger?: Logger | undefined
}

interface Job {
  readonly bytes: Uint8Array
  readonly purpose: EmbedPurpose
  readonly resolve: (vectors: Int8Array[]) => void
  readonly reject: (error: unknown) => void
  tries: number
}

/** The thread starts with the first picture. */
export function createPictureWorker(options: PictureWorkerOptions): PictureWorker {
  const { workerFile, model, pictureLimitMs = CALL_BUDGET.embedding.callerMs, logger } = options
  const waiting: Job[] = []
  let running: Job | undefined
  let thread: Thread | undefined
  let isClosed = false

  const start = () =>
    startThread({
      workerFile,
      model,
      loadLimitMs: CALL_BUDGET.modelLoading.wireMs,
      requestLimitMs: pictureLimitMs,
      onReply(reply) {
        const job = running
        running = undefined
        if (reply.kind === 'vectors') job?.resolve(reply.vectors)
        else job?.reject(fromFailure(reply.failure))
        runNext()
      },
      onEnd(end, cause) {
        logger?.warn('the picture worker ended', { end, cause })
        const job = running
        running = undefined
        thread = undefined
        if (job && end === 'died' && job.tries < MAX_TRIES) waiting.unshift(job)
        else job?.reject(explainEnd(end, cause))
        runNext()
      },
    })

  function runNext(): void {
    if (running || isClosed) return
    const query = waiting.findIndex(job => job.purpose === 'query')
    const [job] = waiting.splice(Math.max(0, query), 1)
    if (!job) return
    running = job
    job.tries++
    thread ??= start()
    thread.send(job)
  }

  return {
    async embed(bytes, purpose, signal) {
      throwIfAborted(signal)
      if (isClosed) throw cancelledError()
      return new Promise((resolve, reject) => {
        // Decoding cannot be interrupted: a running picture is finished and its result dropped.
        const cancel = () => {
          const at = waiting.indexOf(job)
          if (at >= 0) waiting.splice(at, 1)
          reject(signal?.reason instanceof AppError ? signal.reason : cancelledError(signal?.reason))
        }
        const done = () => signal?.removeEventListener('abort', cancel)
        const job: Job = {
          bytes,
          purpose,
          resolve: vectors => {
            done()
            resolve(vectors)
          },
          reject: error => {
            done()
            reject(error)
          },
          tries: 0,
        }
        signal?.addEventListener('abort', cancel, { once: true })
        waiting.push(job)
        runNext()
      })
    },
    async close() {
      isClosed = true
      for (const job of [...waiting.splice(0), ...(running ? [running] : [])]) job.reject(cancelledError())
      await thread?.stop()
    },
  }
}

function explainEnd(end: ThreadEnd, cause: unknown): AppError {
  if (end === 'took_too_long') return tookTooLong(cause)
  if (end === 'died')
    return unreadable('The picture crashed the decoder.', 'Save it again as JPEG or PNG, and pass the new file.', cause)
  return new AppError({
    code: 'internal',
    message: 'The picture worker could not start.',
    hint: 'Reinstall mcp-1688; if that does not help, report it with the log.',
    cause,
  })
}
