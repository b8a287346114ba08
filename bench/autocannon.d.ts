/** Owns the types of the little that the benches use of autocannon, which brings none. */
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
  }
  interface Options {
    url: string
    method: 'POST'
    headers: Readonly<Record<string, string>>
    body: string
    connections: number
    /** Seconds. */
    duration: number
    verifyBody: (body: unknown) => boolean
  }
  function autocannon(options: Options): Promise<Result>
  export = autocannon
}
