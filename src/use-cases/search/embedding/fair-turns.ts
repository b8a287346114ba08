/** Shares a few places among callers in turn, so that one caller's many calls do not hold up another's only one. */
import { throwIfAborted } from '../../../errors.ts'
import { createWaitLine, type WaitLine } from '../../../limits/gate/queue.ts'

export interface FairTurns {
  /**
   * Runs `work` when it is the turn of `queue`; within a queue, first come, first served.
   * @throws what `work` throws, and AppError as {@link throwIfAborted} does while it waits.
   */
  run<T>(queue: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

interface Queue {
  line: WaitLine
  running: number
  /** The number of its last turn; 0 before its first. */
  servedAt: number
}

/** @param places in all, and of one queue: fewer, so that another finds one free. */
export function createFairTurns(places: { total: number; each: number }): FairTurns {
  const queues = new Map<string, Queue>()
  let running = 0
  let served = 0

  const hasPlace = (queue: Queue): boolean => running < places.total && queue.running < places.each
  const take = (queue: Queue): void => {
    running++
    queue.running++
    queue.servedAt = ++served
  }
  const forgetIdle = (name: string, { running: own, line }: Queue): void => {
    if (own === 0 && line.length === 0) queues.delete(name)
  }
  const giveBack = (name: string, queue: Queue): void => {
    running--
    queue.running--
    forgetIdle(name, queue)
    const ready = [...queues.values()].filter(other => other.line.length > 0 && hasPlace(other))
    const [next] = ready.sort((a, b) => a.servedAt - b.servedAt)
    if (!next) return
    take(next)
    next.line.callFirst()
  }

  return {
    async run(name, signal, work) {
      throwIfAborted(signal)
      const queue = queues.get(name) ?? { line: createWaitLine(), running: 0, servedAt: 0 }
      queues.set(name, queue)
      if (hasPlace(queue)) take(queue)
      // Its caller has taken the place.
      else await queue.line.join(signal).finally(() => forgetIdle(name, queue))
      try {
        return await work()
      } finally {
        giveBack(name, queue)
      }
    },
  }
}
