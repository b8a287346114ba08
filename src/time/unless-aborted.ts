/** Waits for a shared promise; the wait can be aborted, the work goes on. */
import { throwIfAborted } from '../errors.ts'

/**
 * @throws what `work` throws, and AppError as {@link throwIfAborted} does.
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

/** Waits until `work` is done or `signal` aborts. Rejects only if `work` fails first. */
export async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  try {
    await unlessAborted(work, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
