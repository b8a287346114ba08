/** Hands waiting pictures to at most two decoder processes, watches these, and decides what follows when one ends. */
import { cancelledError } from '../../../errors.ts'
import type { Logger } from '../../../log.ts'
import { CALL_BUDGET } from '../../../time/call-budget.ts'
import { type DecoderReply, fromFailure } from '../messages.ts'
import { createQuarantine, type Reason } from '../quarantine/quarantine.ts'
import { createSuspects } from '../quarantine/suspects.ts'
import { startDecoderProcess } from './child.ts'
import { explainEnd, explainQuarantine } from './ends.ts'
import { isSecondWorth, type Job, nextJob } from './jobs.ts'
import { assign, begin, finish, type Slot, slotOf } from './slot.ts'
import { isLate, judge, type Limits, type Verdict } from './supervise.ts'

const MAX_PROCESSES = 2

/** A picture that may have had no part in the end of its process is tried once more. */
const MAX_TRIES = 2

const DEFAULT_LIMITS: Limits = {
  loadLimitMs: CALL_BUDGET.modelLoading.wireMs,
  taskLimitMs: CALL_BUDGET.embedding.callerMs,
  processorLimitMs: CALL_BUDGET.decoding.callerMs,
  // An AVIF of 15 megapixels holds at most 270 MB while it is decoded, a HEIC of 17 some 200 MB.
  memoryLimitBytes: 300_000_000,
}

/** How often processes are watched while they work. A decoder can allocate some 20 MB in between. */
const WATCH_EVERY_MS = 20

/** A process that ends gives its memory back; the next picture then waits some 250 ms longer for a process and a model. */
const IDLE_MS = 60_000

/** The second one, and one that has grown large, are needed only while pictures come in quick succession. */
const SPARE_IDLE_MS = 5_000

export interface DispatcherOptions {
  /** The built `vision/worker/entry.ts`. */
  entryFile: string
  /** For notes and the quarantine. Default: none, both are in memory only. */
  folder?: string
  /** Whether the model is the user's own, which may need any amount of memory. Default false. */
  hasOwnModel?: boolean
  limits?: Partial<Limits>
  idleMs?: number
  logger?: Logger | undefined
}

export interface Dispatcher {
  add(job: Job): void
  /** If it still waits. */
  forget(job: Job): void
  counts(): { restarts: number; quarantined: number }
  close(): void
}

type End = Verdict | 'crashed' | 'died'

const BLAMED: Readonly<Partial<Record<End, Reason>>> = { memory: 'memory', processor: 'processor', crashed: 'crash' }

export function createDispatcher(options: DispatcherOptions, startProcess = startDecoderProcess): Dispatcher {
  const { entryFile, folder = null, hasOwnModel = false, idleMs = IDLE_MS, logger } = options
  const limits = { ...DEFAULT_LIMITS, ...(hasOwnModel ? { memoryLimitBytes: 2_000_000_000 } : {}), ...options.limits }
  const quarantine = createQuarantine({ folder, now: Date.now, logger })
  const suspects = createSuspects({ folder, quarantine, logger })
  const waiting: Job[] = []
  const slots: Slot[] = []
  let watch: NodeJS.Timeout | undefined
  let restarts = 0
  let isClosed = false

  const running = () => slots.flatMap(slot => (slot.job ? [slot.job] : []))

  const open = (): Slot => {
    const child = startProcess({
      entryFile,
      isLimited: !hasOwnModel,
      onReply: reply => onReply(slot, reply),
      onEnd: (end, cause) => onEnd(slot, slot.startedAt === null && end === 'died' ? 'not_started' : end, cause),
    })
    const slot = slotOf(child)
    slots.push(slot)
    return slot
  }

  /** A free process, or a new one if it is worth starting. */
  const freeSlot = (): Slot | undefined => {
    const free = slots.find(slot => slot.job === null)
    if (free) return free
    const isWorth = () => isSecondWorth(waiting, running()) || slots.some(isLate)
    const mayStart = slots.length === 0 || (slots.length < MAX_PROCESSES && isWorth())
    return mayStart ? open() : undefined
  }

  const dispatch = () => {
    const next = () => nextJob(waiting, running(), performance.now())
    for (let job = next(); job && !isClosed; job = next()) {
      const slot = freeSlot()
      if (!slot) break
      waiting.splice(waiting.indexOf(job), 1)
      suspects.begin(job)
      assign(slot, job)
    }
    if (running().length === 0) {
      clearInterval(watch)
      watch = undefined
    } else watch ??= setInterval(supervise, WATCH_EVERY_MS)
  }

  const supervise = () => {
    for (const { slot, verdict } of judge(slots, waiting, limits, MAX_PROCESSES)) onEnd(slot, verdict)
    // A picture that has become late makes a second process worth its memory.
    dispatch()
  }

  const onReply = (slot: Slot, reply: DecoderReply) => {
    if (reply.kind === 'started') return begin(slot)
    const { job } = slot
    if (!job || reply.kind === 'usage') return
    const mayHaveLackedMemory = slot.isLarge
    finish(slot)
    suspects.end(job)
    if (reply.kind === 'failure' && mayHaveLackedMemory && reply.failure.code === 'picture_unreadable') {
      remove(slot)
      waiting.push(job)
    } else {
      rest(slot)
      if (reply.kind === 'failure') job.reject(fromFailure(reply.failure))
      else job.resolve(reply)
    }
    dispatch()
  }

  const rest = (slot: Slot) => {
    const isSpare = slot !== slots[0] || slot.isLarge
    slot.idleTimer = setTimeout(() => remove(slot), isSpare ? Math.min(idleMs, SPARE_IDLE_MS) : idleMs)
    slot.idleTimer.unref()
  }

  const remove = (slot: Slot) => {
    clearTimeout(slot.idleTimer)
    slots.splice(slots.indexOf(slot), 1)
    slot.child.stop()
  }

  const onEnd = (slot: Slot, end: End, cause?: unknown) => {
    const { job } = slot
    remove(slot)
    restarts++
    logger?.[end === 'gives_way' ? 'debug' : 'warn']('a decoder process ended', { end, cause })
    if (job) {
      suspects.end(job)
      followUp(job, end === 'crashed' && slot.isLarge ? 'died' : end, cause)
    }
    dispatch()
  }

  const followUp = (job: Job, end: End, cause: unknown) => {
    const reason = BLAMED[end]
    if (reason) quarantine.record(job.sha256, job.owner, reason)
    if (end === 'gives_way') job.gaveWayAt ??= performance.now()
    else if ((end === 'died' || end === 'memory_shared') && ++job.tries < MAX_TRIES) job.isAlone = true
    else return job.reject(explainEnd(end, cause))
    waiting.push(job)
  }

  return {
    add(job) {
      if (isClosed) return job.reject(cancelledError())
      const reason = quarantine.reasonFor(job.sha256)
      if (reason) return job.reject(explainQuarantine(reason))
      job.isAlone = suspects.has(job.sha256)
      waiting.push(job)
      dispatch()
    },
    forget(job) {
      const at = waiting.indexOf(job)
      if (at >= 0) waiting.splice(at, 1)
    },
    counts: () => ({ restarts, quarantined: quarantine.count() }),
    close() {
      isClosed = true
      clearInterval(watch)
      for (const job of [...waiting.splice(0), ...running()]) job.reject(cancelledError())
      for (const slot of [...slots]) remove(slot)
      suspects.close()
    },
  }
}
