/** Single flight inside a process: callers of the same name share one flight, and only the last one who leaves ends it. */
import { throwIfAborted } from '../errors.ts'
import { unlessAborted } from '../time/unless-aborted.ts'

/** Takes a line for people about work that is under way. */
export type OnProgress = (message: string) => void

type Start<T> = (signal: AbortSignal, onProgress: OnProgress) => Promise<T>

export interface SingleFlight<T> {
  /**
   * Joins the flight of that name, or starts it. Its signal aborts when its last caller has given up; then the next caller starts another one.
   * @param onProgress hears of the flight's progress while this caller waits, whichever caller started it.
   * @throws what the flight throws, and AppError as `throwIfAborted` of errors.ts as soon as the caller's own `signal` aborts.
   */
  join(name: string, signal: AbortSignal, start: Start<T>, onProgress?: OnProgress): Promise<T>
  /** Aborts all flights and waits for their ends. */
  close(): Promise<void>
}

interface Flight<T> {
  landing: Promise<T>
  callers: number
  listeners: Set<OnProgress>
  controller: AbortController
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const joinable = new Map<string, Flight<T>>()
  const airborne = new Set<Flight<T>>()

  function startFlight(name: string, start: Start<T>): Flight<T> {
    const controller = new AbortController()
    const listeners = new Set<OnProgress>()
    const onProgress: OnProgress = message => {
      for (const listener of listeners) listener(message)
    }
    const flight = { landing: start(controller.signal, onProgress), callers: 0, listeners, controller }
    joinable.set(name, flight)
    airborne.add(flight)
    const land = (): void => {
      airborne.delete(flight)
      retire(name, flight)
    }
    flight.landing.then(land, land)
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
        return await unlessAborted(flight.landing, signal)
      } finally {
        flight.listeners.delete(listener)
        if (--flight.callers === 0) {
          retire(name, flight)
          if (airborne.has(flight)) flight.controller.abort()
        }
      }
    },
    async close() {
      const flights = [...airborne]
      for (const flight of flights) flight.controller.abort()
      await Promise.allSettled(flights.map(flight => flight.landing))
    },
  }
}
