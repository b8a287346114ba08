/** What waits for a decoder, and in which order. */
import type { DecoderReply, Task } from '../messages.ts'

export type Owner = 'caller' | 'listing'
export type Answer = Extract<DecoderReply, { kind: 'vectors' | 'picture' }>

export interface Job {
  readonly task: Task
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly owner: Owner
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  /** Times that its process ended without being blamed on it. */
  tries: number
  /** Whether it gave way to others once, after a second of work: then it runs when none of them waits. */
  isSlow: boolean
  /** Whether nothing else is to run beside it, because it is suspected of having ended a process. */
  isAlone: boolean
}

/** Pictures of an index run give way to those that somebody waits for. */
export function isBackground({ task, owner }: Job): boolean {
  return task.kind === 'embed' && owner === 'listing'
}

/** Whether it goes before all slow ones. */
export function isFresh(job: Job): boolean {
  return !isBackground(job) && !job.isSlow && !job.isAlone
}

/**
 * The next to run beside `running`: those that somebody waits for, then one slow or suspected picture at a time, then
 * index runs; in order of arrival.
 */
export function nextJob(waiting: readonly Job[], running: readonly Job[]): Job | undefined {
  if (running.some(job => job.isAlone)) return undefined
  const fresh = waiting.find(isFresh)
  if (fresh) return fresh
  const set = waiting.find(job => job.isSlow || job.isAlone)
  if (!set) return waiting[0]
  if (set.isAlone) return running.length === 0 ? set : undefined
  return running.some(job => job.isSlow) ? waiting.find(job => !job.isSlow && !job.isAlone) : set
}

/** Whether a second process is worth its memory: two wait, an index run is under way, or the first is slow. */
export function isSecondWorth(waiting: readonly Job[], running: readonly Job[]): boolean {
  return waiting.length >= 2 || running.some(job => isBackground(job) || job.isSlow)
}
