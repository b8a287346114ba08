/** A decoder process with the picture that it works on. */
import type { DecoderProcess } from './child.ts'
import type { Job } from './jobs.ts'
import type { Usage } from './usage.ts'

export interface Slot {
  readonly child: DecoderProcess
  job: Job | null
  /** When the job was sent, and when its picture was begun, on the monotonic clock. */
  sentAt: number
  startedAt: number | null
  /** What the process had used when the picture was begun. */
  before: Usage
  /** Whether it kept much of the memory of an earlier picture, so that a large one may find too little. */
  isLarge: boolean
  idleTimer: NodeJS.Timeout | undefined
}

const NOTHING: Usage = { memoryBytes: 0, processorMs: 0 }

export function slotOf(child: DecoderProcess): Slot {
  return { child, job: null, sentAt: 0, startedAt: null, before: NOTHING, isLarge: false, idleTimer: undefined }
}

export function assign(slot: Slot, job: Job): void {
  clearTimeout(slot.idleTimer)
  slot.job = job
  slot.sentAt = performance.now()
  slot.startedAt = null
  slot.child.send({ task: job.task, bytes: job.bytes })
}

/** Called when the process reports that the picture is next. */
export function begin(slot: Slot): void {
  slot.startedAt = performance.now()
  slot.before = slot.child.usage() ?? NOTHING
}

/** What WebAssembly took for a large HEIC is never given back. Compiled code and a used heap stay below. */
const MAX_KEPT_BYTES = 60_000_000

/** Called when the picture has been answered. */
export function finish(slot: Slot): void {
  slot.isLarge ||= (spentOn(slot)?.memoryBytes ?? 0) > MAX_KEPT_BYTES
  slot.job = null
}

/** What the picture has used so far; `null` before it was begun. */
export function spentOn(slot: Slot): (Usage & { wallMs: number }) | null {
  if (slot.startedAt === null) return null
  const { memoryBytes, processorMs } = slot.child.usage() ?? slot.before
  return {
    memoryBytes: memoryBytes - slot.before.memoryBytes,
    processorMs: processorMs - slot.before.processorMs,
    wallMs: performance.now() - slot.startedAt,
  }
}
