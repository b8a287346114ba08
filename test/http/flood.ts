/** Starts more searches at once with one key than it may have in progress. */
import autocannon from 'autocannon'
import { type TestService, toolCall } from './service.ts'

export const CONNECTIONS = 400

/** Requests that one key may have in progress. */
export const MAX_IN_FLIGHT = 32

export interface Flood {
  /** Counts by status, once the held searches are released. */
  result: ReturnType<typeof autocannon>
  refused(): number
  /** The final number of refusals while searches are held: each connection makes an equal share of the requests. */
  willBeRefused: number
  /** Lets the held searches finish. */
  release(): void
}

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
    // In another thread, so that the load does not slow down the server under test.
    workers: 1,
  })
  return { result, refused, willBeRefused: ((CONNECTIONS - MAX_IN_FLIGHT) * starts) / CONNECTIONS, release }
}
