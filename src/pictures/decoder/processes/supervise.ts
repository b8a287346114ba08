/** Which decoder processes have to end, and why. */
import { isFresh, type Job } from './jobs.ts'
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

/** A picture that takes longer gives way once if others wait and no process is free. */
const SLOW_PROCESSOR_MS = 1_000
const SLOW_WALL_MS = 3_000

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
  if (busy.length < maxSlots) return []
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

/** As many slow ones as others wait, the youngest first. One that gave way before stays. */
function givingWay(busy: readonly Slot[], waitingCount: number): Slot[] {
  const slow = busy.filter(slot => {
    const spent = spentOn(slot)
    const isLong = spent && (spent.processorMs > SLOW_PROCESSOR_MS || spent.wallMs > SLOW_WALL_MS)
    return isLong && !slot.job?.isSlow && !slot.job?.isAlone
  })
  if (slow.length + busy.filter(slot => slot.job?.isSlow).length < busy.length) return []
  return slow.sort((a, b) => b.sentAt - a.sentAt).slice(0, waitingCount)
}
