/**
 * Decodes pictures in a process that can be killed, since native work stops for nothing else. Everything that decodes
 * asks this pool: one picture at a time, pictures that a caller waits for first.
 */
import { AppError, cancelledError, throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { tookTooLong, unreadable } from '../failures.ts'
import { checkPicture } from './check.ts'
import { type DecoderEnd, type DecoderProcess, startDecoderProcess } from './child.ts'
import { type DecoderReply, type DrawnPicture, fromFailure, type Task, type ThumbnailType } from './messages.ts'
import { isUploadable } from './upload-size.ts'

/** A picture at which the process dies is tried once more: the process may have been at fault. */
const MAX_TRIES = 2

export interface Work {
  /** Whose picture it is: one that the caller handed over, or a listing's. */
  readonly owner: 'caller' | 'listing'
  readonly signal?: AbortSignal | undefined
}

/** Every method throws AppError `picture_unreadable` or `cancelled`. */
export interface DecoderPool {
  /** @param model how the process finds its model; see vision/worker. */
  embed(bytes: Uint8Array, task: { model: object; purpose: 'index' | 'query' }, work: Work): Promise<Int8Array[]>
  /**
   * A WebP of at most `side` pixels on its longer side, for people to look at. It is drawn from the decoded pixels, so
   * that no metadata of the file is passed on.
   */
  thumbnail(bytes: Uint8Array, side: number, work: Work): Promise<Uint8Array>
  /** A thumbnail in another format. */
  convert(thumbnail: Uint8Array, mediaType: ThumbnailType, work: Work): Promise<DrawnPicture>
  /** A JPEG or PNG of at most 300 kB, for an upload; the picture itself if it is one. */
  small(bytes: Uint8Array, work: Work): Promise<Uint8Array>
  /** Kills the process; pending and later calls fail as cancelled. */
  close(): Promise<void>
}

export interface DecoderPoolOptions {
  /** The built `vision/worker/entry.ts`. */
  entryFile: string
  /** Default: `CALL_BUDGET.modelLoading`. */
  loadLimitMs?: number
  /** Default: `CALL_BUDGET.embedding`. */
  taskLimitMs?: number
  logger?: Logger | undefined
}

type Answer = Extract<DecoderReply, { kind: 'vectors' | 'picture' }>

interface Job {
  readonly task: Task
  readonly bytes: Uint8Array
  readonly isUrgent: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  tries: number
}

/** The process starts with the first picture. */
export function createDecoderPool(options: DecoderPoolOptions): DecoderPool {
  const { entryFile, logger } = options
  const { loadLimitMs = CALL_BUDGET.modelLoading.wireMs, taskLimitMs = CALL_BUDGET.embedding.callerMs } = options
  const waiting: Job[] = []
  let running: Job | undefined
  let child: DecoderProcess | undefined
  let isClosed = false

  const start = () =>
    startDecoderProcess({
      entryFile,
      loadLimitMs,
      taskLimitMs,
      onReply(reply) {
        const job = running
        running = undefined
        if (reply.kind === 'failure') job?.reject(fromFailure(reply.failure))
        else job?.resolve(reply)
        runNext()
      },
      onEnd(end, cause) {
        logger?.warn('a decoder process ended', { end, cause })
        const job = running
        running = undefined
        child = undefined
        if (job && end === 'died' && job.tries < MAX_TRIES) waiting.unshift(job)
        else job?.reject(explainEnd(end, cause))
        runNext()
      },
    })

  function runNext(): void {
    if (running || isClosed) return
    const urgent = waiting.findIndex(job => job.isUrgent)
    const [job] = waiting.splice(Math.max(0, urgent), 1)
    if (!job) return
    running = job
    job.tries++
    child ??= start()
    child.send({ task: job.task, bytes: job.bytes })
  }

  async function run(task: Task, bytes: Uint8Array, { owner, signal }: Work): Promise<Answer> {
    throwIfAborted(signal)
    if (isClosed) throw cancelledError()
    checkPicture(bytes)
    return new Promise((resolve, reject) => {
      // A running picture is finished and its result dropped: ending its process would cost the next one more.
      const cancel = () => {
        const at = waiting.indexOf(job)
        if (at >= 0) waiting.splice(at, 1)
        reject(signal?.reason instanceof AppError ? signal.reason : cancelledError(signal?.reason))
      }
      const done = () => signal?.removeEventListener('abort', cancel)
      const job: Job = {
        task,
        bytes,
        isUrgent: task.kind !== 'embed' || owner === 'caller',
        resolve: answer => {
          done()
          resolve(answer)
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
  }

  const draw = async (task: Task, bytes: Uint8Array, work: Work): Promise<DrawnPicture> => {
    const answer = await run(task, bytes, work)
    if (answer.kind !== 'picture') throw new Error(`the decoder answered ${task.kind} with ${answer.kind}`)
    return answer.picture
  }

  return {
    async embed(bytes, task, work) {
      const answer = await run({ kind: 'embed', ...task }, bytes, work)
      if (answer.kind !== 'vectors') throw new Error('the decoder answered embed with a picture')
      return [...answer.vectors]
    },
    thumbnail: async (bytes, side, work) => (await draw({ kind: 'thumbnail', side }, bytes, work)).bytes,
    convert: (thumbnail, mediaType, work) => draw({ kind: 'convert', mediaType }, thumbnail, work),
    small: async (bytes, work) => (isUploadable(bytes) ? bytes : (await draw({ kind: 'small' }, bytes, work)).bytes),
    async close() {
      isClosed = true
      for (const job of [...waiting.splice(0), ...(running ? [running] : [])]) job.reject(cancelledError())
      child?.stop()
    },
  }
}

function explainEnd(end: DecoderEnd, cause: unknown): AppError {
  if (end === 'took_too_long') return tookTooLong(cause)
  if (end === 'died')
    return unreadable('The picture crashed the decoder.', 'Save it again as JPEG or PNG, and pass the new file.', cause)
  return new AppError({
    code: 'internal',
    message: 'The picture decoder could not start.',
    hint: 'Reinstall mcp-1688; if that does not help, report it with the log.',
    cause,
  })
}
