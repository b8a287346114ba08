/**
 * Decodes pictures in processes that can be killed, since native work stops for nothing else. Everything that decodes
 * asks this pool.
 */
import { createHash } from 'node:crypto'
import { AppError, cancelledError, throwIfAborted } from '../../errors.ts'
import { checkPicture } from './check.ts'
import type { DrawnPicture, PictureEmbedding, Task, ThumbnailType } from './messages.ts'
import { createDispatcher, type DispatcherOptions } from './processes/dispatcher.ts'
import type { Answer, Owner } from './processes/jobs.ts'
import type { Region } from './region.ts'
import { isUploadable } from './upload-size.ts'

export interface Work {
  /** Whose picture it is: one that the caller handed over, or a listing's. */
  readonly owner: Owner
  readonly signal?: AbortSignal | undefined
}

/** For the metrics. */
export interface DecoderCounts {
  /** Processes that were killed or ended by themselves at a picture. */
  readonly restarts: number
  readonly quarantined: number
}

/** Every method throws AppError `picture_unreadable` or `cancelled`. */
export interface DecoderPool {
  /** @param model how the process finds its model; see vision/worker. */
  embed(bytes: Uint8Array, task: { model: object; purpose: 'index' | 'query' }, work: Work): Promise<PictureEmbedding>
  /**
   * A WebP of at most `side` pixels on its longer side, for people to look at. It is drawn from the decoded pixels, so
   * that no metadata of the file is passed on.
   */
  thumbnail(bytes: Uint8Array, side: number, work: Work): Promise<Uint8Array>
  /** A thumbnail in another format. */
  convert(thumbnail: Uint8Array, mediaType: ThumbnailType, work: Work): Promise<DrawnPicture>
  /** A JPEG or PNG of at most 300 kB, for an upload; the picture itself if it is one. */
  small(bytes: Uint8Array, work: Work): Promise<Uint8Array>
  /** The same, but always drawn from the decoded pixels: nothing else of the file is kept, such as where it was taken. */
  redraw(bytes: Uint8Array, work: Work): Promise<Uint8Array>
  /** A JPEG of a part of the picture, of at most 1,000 pixels on its longer side. */
  crop(bytes: Uint8Array, region: Region, work: Work): Promise<Uint8Array>
  counts(): DecoderCounts
  /** Kills the processes; pending and later calls fail as cancelled. */
  close(): Promise<void>
}

export type DecoderPoolOptions = DispatcherOptions

/** A process starts with the first picture. */
export function createDecoderPool(options: DecoderPoolOptions): DecoderPool {
  const dispatcher = createDispatcher(options)

  async function run(task: Task, bytes: Uint8Array, { owner, signal }: Work): Promise<Answer> {
    throwIfAborted(signal)
    checkPicture(bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return new Promise((resolve, reject) => {
      // A picture under work is finished and its result dropped: ending its process would cost the next one more.
      const cancel = () => {
        dispatcher.forget(job)
        reject(signal?.reason instanceof AppError ? signal.reason : cancelledError(signal?.reason))
      }
      const done = () => signal?.removeEventListener('abort', cancel)
      const job = {
        task,
        bytes,
        sha256,
        owner,
        tries: 0,
        gaveWayAt: null,
        isAlone: false,
        resolve: (answer: Answer) => {
          done()
          resolve(answer)
        },
        reject: (error: unknown) => {
          done()
          reject(error)
        },
      }
      signal?.addEventListener('abort', cancel, { once: true })
      dispatcher.add(job)
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
      if (answer.kind !== 'embedding') throw new Error(`the decoder answered embed with ${answer.kind}`)
      return answer.embedding
    },
    thumbnail: async (bytes, side, work) => (await draw({ kind: 'thumbnail', side }, bytes, work)).bytes,
    convert: (thumbnail, mediaType, work) => draw({ kind: 'convert', mediaType }, thumbnail, work),
    small: async (bytes, work) => (isUploadable(bytes) ? bytes : (await draw({ kind: 'small' }, bytes, work)).bytes),
    redraw: async (bytes, work) => (await draw({ kind: 'small' }, bytes, work)).bytes,
    crop: async (bytes, region, work) => (await draw({ kind: 'small', region }, bytes, work)).bytes,
    counts: dispatcher.counts,
    close: async () => dispatcher.close(),
  }
}
