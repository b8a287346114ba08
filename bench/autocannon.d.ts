/** Types for the part of autocannon that we use; the package has none. */
declare module 'autocannon' {
  /** `latency` is in milliseconds, `duration` in seconds. */
  interface Result {
    requests: { total: number }
    latency: { p99: number }
    duration: number
    errors: number
    timeouts: number
    non2xx: number
    mismatches: number
    '2xx': number
    '4xx': number
  }
  interface Options {
    url: string
    method?: 'POST'
    headers?: Readonly<Record<string, string>>
    body?: string
    connections: number
    /** In seconds. */
    duration?: number
    /** Total requests, instead of a duration. */
    amount?: number
    /** Per request, in seconds. */
    timeout?: number
    /** Worker threads that send the requests; by default the calling thread does. */
    workers?: number
    verifyBody?: (body: unknown) => boolean
  }
  function autocannon(options: Options): Promise<Result>
  export = autocannon
}
