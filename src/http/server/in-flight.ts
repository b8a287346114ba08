/** Limits the requests of one caller that are in progress, so that it cannot slow down the others. */
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import type { Caller } from '../access/caller.ts'
import { type HttpError, tooManyRequests } from '../access/http-error.ts'

/** More are refused before their body is read. */
const MAX_IN_FLIGHT = 32

/** Counts a request until its answer is written. @throws HttpError 429 */
export type EnterInFlight = (caller: Caller, response: ServerResponse) => Promise<void>

export function createInFlight(): EnterInFlight {
  const inFlight = new Map<string, number>()
  const isFull = ({ id }: Caller): boolean => (inFlight.get(id) ?? 0) >= MAX_IN_FLIGHT

  return async (caller, response) => {
    if (caller.account === null) return
    if (isFull(caller)) {
      await sleep(CALL_BUDGET.requestSlot.callerMs)
      if (isFull(caller) || response.destroyed) throw tooManyAtOnce()
    }
    // No await between the check and this line: requests that arrive in one packet must count each other.
    inFlight.set(caller.id, (inFlight.get(caller.id) ?? 0) + 1)
    // Not when the work is done: an answer that nobody reads stays in memory.
    response.once('close', () => {
      const left = (inFlight.get(caller.id) ?? 1) - 1
      if (left > 0) inFlight.set(caller.id, left)
      else inFlight.delete(caller.id)
    })
  }
}

function tooManyAtOnce(): HttpError {
  const message = `More than ${MAX_IN_FLIGHT} requests of this caller are in progress.`
  return tooManyRequests(message, 'Wait until some of them have finished.', 1_000)
}
