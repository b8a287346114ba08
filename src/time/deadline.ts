/** Ends work when its caller gives up or its time is over, whichever comes first. */
import type { Clock } from './clock.ts'

/** A signal that can be let go of. */
export interface Link {
  readonly signal: AbortSignal
  /** Lets go of timers and callers, once the work is done; the signal then aborts no more. */
  forget(): void
}

/** A signal that also aborts after a time. */
export interface TimeLimit extends Link {
  /** Whether the time has ended the work, and not the caller. */
  isOver(): boolean
}

/**
 * A signal that aborts with the first of `callers`, with its reason. Made by hand, as {@link limitTime}: in Node 20 the garbage collector
 * takes the timer from `AbortSignal.any` over `AbortSignal.timeout` (50 of 50 never fired), and `any` costs it more than all else in a
 * short call.
 */
export function linkSignals(...callers: readonly (AbortSignal | undefined)[]): Link {
  const controller = new AbortController()
  const links = callers.flatMap(caller => (caller ? [{ caller, leave: () => controller.abort(caller.reason) }] : []))
  for (const { caller, leave } of links) {
    if (caller.aborted) leave()
    else caller.addEventListener('abort', leave)
  }
  return {
    signal: controller.signal,
    forget: () => {
      for (const { caller, leave } of links) caller.removeEventListener('abort', leave)
    },
  }
}

export interface TimeLimitOptions {
  /** The signal's reason when time is up. Default: an Error named `TimeoutError`. */
  reasonOf?: () => Error
  /** Default: the machine's timers, which do not keep the process alive. */
  setTimer?: Clock['setTimer']
}

/** Limits work to `ms` milliseconds. @param caller whose abort is passed on, with its reason. */
export function limitTime(
  ms: number,
  caller?: AbortSignal,
  { reasonOf = timeoutError, setTimer = setIdleTimer }: TimeLimitOptions = {},
): TimeLimit {
  const time = new AbortController()
  const link = linkSignals(caller, time.signal)
  let isOver = false
  const stopTimer = setTimer(() => {
    isOver = !link.signal.aborted
    time.abort(reasonOf())
  }, ms)
  return {
    signal: link.signal,
    isOver: () => isOver,
    forget: () => {
      stopTimer()
      link.forget()
    },
  }
}

/**
 * Does work that ends as {@link limitTime} has it, and lets go of timer and caller however it ends.
 * @throws what `work` throws.
 */
export async function withinTime<T>(
  ms: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = limitTime(ms, caller)
  try {
    return await work(limit.signal)
  } finally {
    limit.forget()
  }
}

function setIdleTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs)
  // Nothing should stay alive for the sake of a limit.
  timer.unref()
  return () => clearTimeout(timer)
}

function timeoutError(): Error {
  const error = new Error('The time is up.')
  error.name = 'TimeoutError'
  return error
}
