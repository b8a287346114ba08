/** What waits for a decoder, and in which order. */
import type { DecoderReply, Task } from '../messages.ts'

export type Owner = 'caller' | 'listing'
export type Answer = Extract<DecoderReply, { kind: 'embedding' | 'picture' }>

export interface Job {
  readonly task: Task
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly owner: Owner
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  /** Times that its process ended without being blamed on it. */
  tries: number
  /** When it first gave way to others, on the monotonic clock; `null` if it never did. */
  gaveWayAt: number | null
  /** Whether nothing else is to run beside it, because it is suspected of having ended a process. */
  isAlone: boolean
}

/** Pictures of an index run give way to those that somebody waits for. */
function isBackground({ task, owner }: Job): boolean {
  return task.kind === 'embed' && owner === 'listing'
}

/** Whether it has turned out to be slow, and may run beside others. */
export function isSlow({ gaveWayAt, isAlone }: Job): boolean {
  return gaveWayAt !== null && !isAlone
}

/** Whether it goes before all slow ones. */
export function isFresh(job: Job): boolean {
  return !isBackground(job) && job.gaveWayAt === null && !job.isAlone
}

/** How long a slow one lets others go first; they still have the other process then. */
const GIVES_WAY_MS = 2_000

/**
 * The next to run beside `running`: those that somebody waits for, then one slow or suspected picture at a time, then
 * index runs; in order of arrival.
 * @param now on the monotonic clock.
 */
export function nextJob(waiting: readonly Job[], running: readonly Job[], now: number): Job | undefined {
  if (running.some(job => job.isAlone)) return undefined
  const slow = running.some(isSlow) ? undefined : waiting.find(isSlow)
  if (slow && now - (slow.gaveWayAt ?? now) > GIVES_WAY_MS) return slow
  const fresh = waiting.find(isFresh)
  if (fresh) return fresh
  const set = waiting.find(job => job.gaveWayAt !== null || job.isAlone)
  if (set?.isAlone) return running.length === 0 ? set : undefined
  return slow ?? waiting.find(job => !isSlow(job) && !job.isAlone)
}

/** Whether a second process is worth its memory: two wait, an index run is under way, or the first is slow. */
export function isSecondWorth(waiting: readonly Job[], running: readonly Job[]): boolean {
  return waiting.length >= 2 || running.some(job => isBackground(job) || isSlow(job))
}
