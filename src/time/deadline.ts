/** Aborts work when its caller cancels or its time runs out, whichever comes first. */
import { setMaxListeners } from 'node:events'
import type { Clock } from './clock.ts'

export interface Link {
  readonly signal: AbortSignal
  /** Removes timers and listeners once the work is done; the signal then never aborts. */
  forget(): void
}

export interface TimeLimit extends Link {
  /** Whether the time limit, rather than the caller, ended the work. */
  isOver(): boolean
}

/**
 * A signal that aborts with the first of `callers` and its reason. Does not use `AbortSignal.any`: in Node 20, garbage
 * collection drops the timer of an `AbortSignal.timeout` passed to it (50 of 50 never fired), and in a short call `any`
 * costs more garbage collection than everything else.
 */
export function linkSignals(...callers: readonly (AbortSignal | undefined)[]): Link {
  const controller = new AbortController()
  const links = callers.flatMap(caller => (caller ? [follow(controller, caller)] : []))
  return {
    signal: controller.signal,
    forget: () => {
      for (const leave of links) leave()
    },
  }
}

/** Aborts with the caller and its reason. @returns a function that removes the listener. */
function follow(controller: AbortController, caller: AbortSignal): () => void {
  const abort = () => controller.abort(caller.reason)
  if (caller.aborted) abort()
  else caller.addEventListener('abort', abort)
  return () => caller.removeEventListener('abort', abort)
}

export interface TimeLimitOptions {
  /** Abort reason when the time runs out. Default: an Error named `TimeoutError`. */
  reasonOf?: () => Error
  /** Default: timers that do not keep the process alive. */
  setTimer?: Clock['setTimer']
}

/** @param caller its abort is passed on with its reason. */
export function limitTime(
  ms: number,
  caller?: AbortSignal,
  { reasonOf = timeoutError, setTimer = setIdleTimer }: TimeLimitOptions = {},
): TimeLimit {
  const controller = new AbortController()
  const leave = caller && follow(controller, caller)
  let isOver = false
  const stopTimer = setTimer(() => {
    isOver = !controller.signal.aborted
    controller.abort(reasonOf())
  }, ms)
  return {
    signal: controller.signal,
    isOver: () => isOver,
    forget: () => {
      stopTimer()
      leave?.()
    },
  }
}

export async function withinTime<T>(
  ms: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = limitTime(ms, caller)
  // Many parts of the work may follow it at a time; from 11 on, Node.js would warn of a leak.
  setMaxListeners(0, limit.signal)
  try {
    return await work(limit.signal)
  } finally {
    limit.forget()
  }
}

function setIdleTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs)
  timer.unref()
  return () => clearTimeout(timer)
}

function timeoutError(): Error {
  const error = new Error('The operation timed out.')
  error.name = 'TimeoutError'
  return error
}
