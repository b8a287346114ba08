/** Turns the progress of a call's steps, each counted from the start, into one scale that only rises. */
import type { Clock } from '../time/clock.ts'
import type { Progress } from '../tools/define.ts'

/** Some hosts redraw at each notification. */
const EVERY_MS = 250

/** A message without a new figure, for example that a call waits: the protocol asks for a larger figure each time. */
const NO_PROGRESS_STEP = 0.01

export interface ProgressSender {
  report(progress: Progress): void
  /** Sends nothing more. */
  end(): void
}

export function createProgressSender(
  send: (progress: Progress) => void,
  clock: Pick<Clock, 'monotonic' | 'setTimer'>,
): ProgressSender {
  let before = 0
  let done = 0
  let sent = 0
  let sentAt = Number.NEGATIVE_INFINITY
  let next: Progress | null = null
  let stopTimer: (() => void) | null = null

  const sendNext = (): void => {
    stopTimer = null
    if (next === null) return
    sent = Math.max(next.done, Number((sent + NO_PROGRESS_STEP).toFixed(2)))
    sentAt = clock.monotonic()
    send({ ...next, done: sent })
    next = null
  }
  return {
    report(progress) {
      if (progress.done < done) before += done
      done = progress.done
      const { total } = progress
      next = { ...progress, done: before + done, ...(total === undefined ? {} : { total: before + total }) }
      const waitMs = sentAt + EVERY_MS - clock.monotonic()
      if (waitMs <= 0) sendNext()
      else stopTimer ??= clock.setTimer(sendNext, waitMs)
    },
    end() {
      stopTimer?.()
      next = null
    },
  }
}
