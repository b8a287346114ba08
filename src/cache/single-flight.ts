/** Owns single flight inside a process: callers of the same name share one flight, and only the last one who leaves ends it. */
import { throwIfAborted } from '../errors.ts'
import { unlessAborted } from '../time/unless-aborted.ts'

/** Takes a line for people about work that is under way. */
export type Tell = (news: string) => void

/** Begins a flight. */
type Start<T> = (signal: AbortSignal, tell: Tell) => Promise<T>

/** Flights by name. */
export interface Flights<T> {
  /**
   * Joins the flight of that name, or starts it. Its signal aborts when its last caller has given up; then the next caller starts another one.
   * @param hear is told what the flight tells while this caller waits, whoever started it.
   * @throws what the flight throws, and AppError as `throwIfAborted` of errors.ts as soon as the caller's own `signal` aborts.
   */
  join(name: string, signal: AbortSignal, start: Start<T>, hear?: Tell): Promise<T>
  /** Aborts all flights and waits for their ends. */
  close(): Promise<void>
}

interface Flight<T> {
  landing: Promise<T>
  callers: number
  listeners: Set<Tell>
  controller: AbortController
}

/** Makes a set of no flights. */
export function createFlights<T>(): Flights<T> {
  const joinable = new Map<string, Flight<T>>()
  const airborne = new Set<Flight<T>>()

  function startFlight(name: string, start: Start<T>): Flight<T> {
    const controller = new AbortController()
    const listeners = new Set<Tell>()
    const tell: Tell = news => {
      for (const hear of listeners) hear(news)
    }
    const flight = { landing: start(controller.signal, tell), callers: 0, listeners, controller }
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
    async join(name, signal, start, hear = () => undefined) {
      throwIfAborted(signal)
      const flight = joinable.get(name) ?? startFlight(name, start)
      flight.callers++
      const listener: Tell = news => hear(news)
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
