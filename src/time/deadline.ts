/** Owns ending work by its caller's wish or after a time, whichever comes first. */

/** A signal that also aborts after a time. */
export interface TimeLimit {
  readonly signal: AbortSignal
  /** Whether the time has ended the work, and not the caller. */
  isOver(): boolean
  /** Lets go of timer and caller, for work that is done; the signal then aborts no more. */
  forget(): void
}

/**
 * Limits work to `ms` milliseconds. Made by hand: of `AbortSignal.any` over `AbortSignal.timeout` Node 20 loses the timer to the garbage
 * collector (50 of 50 never fired), and `any` costs the collector more than all else in a short call.
 * @param caller whose abort is passed on, with its reason.
 * @param reasonOf what the signal's reason is when time is up; default an Error named `TimeoutError`.
 */
export function limitTime(ms: number, caller?: AbortSignal, reasonOf: () => Error = timeoutError): TimeLimit {
  const controller = new AbortController()
  let isOver = false
  const leave = () => controller.abort(caller?.reason)
  const timer = setTimeout(() => {
    isOver = !controller.signal.aborted
    controller.abort(reasonOf())
  }, ms)
  // Nothing should stay alive for the sake of a limit.
  timer.unref()
  if (caller?.aborted) leave()
  else caller?.addEventListener('abort', leave)
  return {
    signal: controller.signal,
    isOver: () => isOver,
    forget: () => {
      clearTimeout(timer)
      caller?.removeEventListener('abort', leave)
    },
  }
}

/**
 * Does work that ends as {@link limitTime} has it, and lets go of timer and caller whatever becomes of it.
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

function timeoutError(): Error {
  const error = new Error('The time is up.')
  error.name = 'TimeoutError'
  return error
}
