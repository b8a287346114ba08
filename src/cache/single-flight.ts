/**
 * Single flight within a process: callers with the same name share one fetch, which is aborted when the last one
 * leaves.
 */
import { throwIfAborted } from '../errors.ts'
import { unlessAborted } from '../time/unless-aborted.ts'

/** Takes one human-readable line. */
export type OnProgress = (message: string) => void

type Start<T> = (signal: AbortSignal, onProgress: OnProgress) => Promise<T>

export interface SingleFlight<T> {
  /**
   * Joins the flight of that name or starts one. Its signal aborts once its last caller has cancelled; the next caller
   * then starts another.
   * @param onProgress receives the flight's progress while this caller waits, even if another caller started it.
   * @throws what the flight throws, and AppError as {@link throwIfAborted} does for the caller's own `signal`.
   */
  join(name: string, signal: AbortSignal, start: Start<T>, onProgress?: OnProgress): Promise<T>
  /** Aborts all flights and waits until they have ended. */
  close(): Promise<void>
}

interface Flight<T> {
  result: Promise<T>
  callers: number
  listeners: Set<OnProgress>
  controller: AbortController
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const joinable = new Map<string, Flight<T>>()
  const running = new Set<Flight<T>>()

  function startFlight(name: string, start: Start<T>): Flight<T> {
    const controller = new AbortController()
    const listeners = new Set<OnProgress>()
    const onProgress: OnProgress = message => {
      for (const listener of listeners) listener(message)
    }
    const flight = { result: start(controller.signal, onProgress), callers: 0, listeners, controller }
    joinable.set(name, flight)
    running.add(flight)
    const end = (): void => {
      running.delete(flight)
      retire(name, flight)
    }
    flight.result.then(end, end)
    return flight
  }

  function retire(name: string, flight: Flight<T>): void {
    if (joinable.get(name) === flight) joinable.delete(name)
  }

  return {
    async join(name, signal, start, onProgress = () => undefined) {
      throwIfAborted(signal)
      const flight = joinable.get(name) ?? startFlight(name, start)
      flight.callers++
      const listener: OnProgress = message => onProgress(message)
      flight.listeners.add(listener)
      try {
        return await unlessAborted(flight.result, signal)
      } finally {
        flight.listeners.delete(listener)
        if (--flight.callers === 0) {
          retire(name, flight)
          if (running.has(flight)) flight.controller.abort()
        }
      }
    },
    async close() {
      const flights = [...running]
      for (const flight of flights) flight.controller.abort()
      await Promise.allSettled(flights.map(flight => flight.result))
    },
  }
}
