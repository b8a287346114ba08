/** The types of the little that the benches use of autocannon, which brings none. */
declare module 'autocannon' {
  /** What a run measured; `latency` in milliseconds, `duration` in seconds. */
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
    method: 'POST'
    headers: Readonly<Record<string, string>>
    body: string
    connections: number
    /** Seconds. */
    duration?: number
    /** Requests in all, instead of a duration. */
    amount?: number
    /** Seconds that an answer may take. */
    timeout?: number
    /** Threads that the load comes from; default the caller's own. */
    workers?: number
    verifyBody?: (body: unknown) => boolean
  }
  function autocannon(options: Options): Promise<Result>
  export = autocannon
}
