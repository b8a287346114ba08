/** Owns waiting for something that goes on without its waiter. */

/**
 * Waits until `work` is done or `signal` aborts, whichever is first. Left behind, the work goes on; its failure then belongs to whoever
 * waits for it next.
 */
export async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  work.catch(() => undefined)
  if (signal.aborted) return
  await new Promise<void>((resolve, reject) => {
    const leave = () => resolve()
    signal.addEventListener('abort', leave, { once: true })
    work.then(leave, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
