/** Which decoder processes have to end, and why. */
import { isFresh, isSlow, type Job } from './jobs.ts'
import { type Slot, spentOn } from './slot.ts'

export interface Limits {
  /** From a request until its picture is begun: the start of the process and the loading of a model. */
  loadLimitMs: number
  /** Of one picture, by the clock. */
  taskLimitMs: number
  /** Of one picture. Reached before the other unless the machine is busy. */
  processorLimitMs: number
  /** By which all processes together may grow over what they held before their pictures. */
  memoryLimitBytes: number
}

/** `memory` and `processor` are blamed on the picture. */
export type Verdict = 'not_started' | 'memory' | 'memory_shared' | 'processor' | 'took_too_long' | 'gives_way'

/**
 * A picture that takes longer gives way if others wait and no process is free; once, unless it runs alone. So at most
 * one process is held by a slow picture, and the other passes from one to the next in this time and that of a start
 * (250 ms): of three bad pictures, one holds the first process, and a good one waits 1.5 s for the other two.
 */
const LATE_PROCESSOR_MS = 500
const LATE_WALL_MS = 3_000

export function judge(
  slots: readonly Slot[],
  waiting: readonly Job[],
  limits: Limits,
  maxSlots: number,
): { slot: Slot; verdict: Verdict }[] {
  const busy = slots.filter(slot => slot.job !== null)
  const overdue = busy.flatMap(slot => {
    const verdict = isOverdue(slot, limits)
    return verdict ? [{ slot, verdict }] : []
  })
  if (overdue.length > 0) return overdue
  const largest = tooMuchMemory(busy, limits)
  if (largest) return [largest]
  if (busy.length < maxSlots && !busy.some(({ job }) => job?.isAlone)) return []
  return givingWay(busy, waiting.filter(isFresh).length).map(slot => ({ slot, verdict: 'gives_way' }))
}

function isOverdue(slot: Slot, limits: Limits): Verdict | null {
  const spent = spentOn(slot)
  if (!spent) return performance.now() - slot.sentAt > limits.loadLimitMs ? 'not_started' : null
  if (spent.processorMs > limits.processorLimitMs) return 'processor'
  return spent.wallMs > limits.taskLimitMs ? 'took_too_long' : null
}

/** The largest is to blame if it needs that much by itself; if not, it may have the memory to itself later. */
function tooMuchMemory(busy: readonly Slot[], limits: Limits): { slot: Slot; verdict: Verdict } | null {
  const sizes = busy.map(slot => ({ slot, bytes: spentOn(slot)?.memoryBytes ?? 0 }))
  if (sizes.reduce((sum, { bytes }) => sum + Math.max(0, bytes), 0) <= limits.memoryLimitBytes) return null
  const [largest] = sizes.sort((a, b) => b.bytes - a.bytes)
  if (!largest) return null
  return { slot: largest.slot, verdict: largest.bytes > limits.memoryLimitBytes ? 'memory' : 'memory_shared' }
}

/** Whether its picture has taken long already. */
export function isLate(slot: Slot): boolean {
  const spent = spentOn(slot)
  return spent !== null && (spent.processorMs > LATE_PROCESSOR_MS || spent.wallMs > LATE_WALL_MS)
}

/** As many late ones as others wait, the youngest first, once all processes are late. One that gave way before stays. */
function givingWay(busy: readonly Slot[], waitingCount: number): Slot[] {
  const passing = busy.filter(({ job }) => job && !isSlow(job))
  if (!passing.every(isLate)) return []
  return passing.sort((a, b) => b.sentAt - a.sentAt).slice(0, waitingCount)
}
