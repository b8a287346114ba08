/** The flood: searches that one key starts at once, over more connections than it has places. */
import autocannon from 'autocannon'
import { type TestService, toolCall } from './service.ts'

/** Connections of the flood. */
export const CONNECTIONS = 400

/** Requests that one key may have under way. */
export const PLACES = 32

/** Searches under way that a service holds, and those that it refuses. */
export interface Flood {
  /** What became of all of them, once they are let go. */
  result: ReturnType<typeof autocannon>
  /** How many have been refused. */
  refused(): number
  /** How many will have been when only those that run are left: each connection has an equal share of the starts. */
  willBeRefused: number
  /** Lets those go on that run. */
  release(): void
}

/** Starts `starts` searches by one key against a service that holds searches. */
export function startFlood({ url, services, log }: TestService, key: string, starts: number): Flood {
  const search = toolCall('search_by_image', { image_url: 'https://example.com/a.jpg' })
  const release = services.hold('search')
  const refused = () => log.filter(line => line.includes('"status":429')).length
  const result = autocannon({
    url: `${url}/mcp`,
    method: 'POST',
    headers: { ...search.headers, 'x-api-key': key },
    body: search.body,
    connections: CONNECTIONS,
    amount: starts,
    timeout: 90,
    // The load comes from another thread, so that it does not hold up the server under test.
    workers: 1,
  })
  return { result, refused, willBeRefused: ((CONNECTIONS - PLACES) * starts) / CONNECTIONS, release }
}
