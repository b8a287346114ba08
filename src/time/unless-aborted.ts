/** Waits for something that goes on without its waiter. */
import { throwIfAborted } from '../errors.ts'

/**
 * What `work` gives; an abort ends the waiting, not the work, whose failure then belongs to whoever waits for it next.
 * @throws what `work` throws, and AppError as `throwIfAborted` of errors.ts when `signal` aborts.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => undefined
  const left = new Promise<void>(resolve => {
    leave = resolve
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave)
  })
  try {
    await Promise.race([work, left])
  } finally {
    signal.removeEventListener('abort', leave)
  }
  throwIfAborted(signal)
  return work
}

/** Waits until `work` is done or `signal` aborts, whichever is first. Rejects with what `work` throws until then. */
export async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await unlessAborted(work, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
