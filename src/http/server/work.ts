/** Counts what callers make this server do, because a request may take a thousand times as long as another. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { type HttpError, tooManyRequests } from '../access/http-error.ts'

/** The share of one processor that a caller may use all the time. */
const SHARE = 0.2

/** How much it may use at once, in milliseconds of processor time. */
const BURST_MS = 2_000

/** Routing, checking the key and logging. */
const REQUEST_MS = 1

/** Receiving and copying, in addition to the measured time of parsing. */
const MS_PER_BYTE = 4 / (1024 * 1024)

/** For input that is refused: an honest caller corrects it, so it is rare. */
export const REFUSED_MS = 20

/** Limits the memory that a flood of addresses can take. */
const MAX_CALLERS = 10_000

/** Large bodies are held until their calls end: as bytes, as text and as a picture. */
const LARGE_BYTES_PER_CALLER = 32 * 1024 * 1024
const LARGE_BYTES_IN_ALL = 64 * 1024 * 1024

/** The work of one request. */
export interface Work {
  /** @param ms measured processor time. */
  spend(ms: number, bytes?: number): void
  /** Room for a large body, until the request ends. @throws HttpError 429 if there is none within 0.25 s. */
  reserveBytes(bytes: number): Promise<void>
  end(): void
}

export interface WorkMeter {
  /**
   * Begins a request.
   * @param caller `null` for one who is not counted.
   * @throws HttpError 429, after a pause that slows down its sender, while `caller` owes more than it may.
   */
  begin(caller: string | null): Promise<Work>
}

/** @param now milliseconds of a monotonic clock. */
export function createWorkMeter(now: () => number): WorkMeter {
  /** When the work of each caller is paid off. */
  const paidAt = new LRUCache<string, number>({ max: MAX_CALLERS })
  const held = new Map<string, number>()
  let heldInAll = 0

  const spend = (caller: string | null, ms: number): void => {
    if (caller !== null) paidAt.set(caller, Math.max(now(), paidAt.get(caller) ?? 0) + ms / SHARE)
  }
  const hold = (caller: string, bytes: number): void => {
    const inAll = (held.get(caller) ?? 0) + bytes
    heldInAll += bytes
    if (inAll > 0) held.set(caller, inAll)
    else held.delete(caller)
  }
  const fits = (caller: string, bytes: number): boolean =>
    (held.get(caller) ?? 0) + bytes <= LARGE_BYTES_PER_CALLER && heldInAll + bytes <= LARGE_BYTES_IN_ALL

  return {
    async begin(caller) {
      const debtMs = caller === null ? 0 : (paidAt.peek(caller) ?? 0) - now() - BURST_MS / SHARE
      if (debtMs > 0) {
        await sleep(CALL_BUDGET.requestSlot.callerMs)
        throw tooMuchWork(debtMs)
      }
      spend(caller, REQUEST_MS)
      const name = caller ?? ''
      let reserved = 0
      return {
        spend: (ms, bytes = 0) => spend(caller, ms + bytes * MS_PER_BYTE),
        async reserveBytes(bytes) {
          if (!fits(name, bytes)) await sleep(CALL_BUDGET.requestSlot.callerMs)
          if (!fits(name, bytes)) throw tooManyLarge()
          reserved += bytes
          hold(name, bytes)
        },
        end() {
          if (reserved > 0) hold(name, -reserved)
          reserved = 0
        },
      }
    },
  }
}

function tooMuchWork(waitMs: number): HttpError {
  const message = 'The requests of this caller have taken too much processor time.'
  return tooManyRequests(message, 'Send fewer or smaller requests.', waitMs)
}

function tooManyLarge(): HttpError {
  const hint = 'Wait until some of them have finished, or pass pictures as links.'
  return tooManyRequests('Too many large requests are in progress.', hint, 1_000)
}
