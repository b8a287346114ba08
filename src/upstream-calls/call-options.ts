/** Charges a call's upstream credits to the caller's account (HTTP only). */
export interface Payer {
  /**
   * Reserves credits before a request that may cost as many.
   * @throws AppError `credits_exhausted` if fewer are left.
   */
  reserve(credits: number): Promise<void>
  /**
   * Tells that a request of this call is being sent.
   * @returns takes what the request cost in the end, even after the call: nothing else is charged.
   */
  sent(): (credits: number) => void
}

/** Options of every use case and every call to an upstream. */
export interface CallOptions {
  signal: AbortSignal
  /** Ask the upstream even if a fresh answer is cached. */
  refresh?: boolean
  /** The process ends after this call and takes requests in flight with it. Default false. */
  endsProcess?: boolean | undefined
  /** Calls with the same name queue together, and such queues take turns: over HTTP, those of one key. */
  queue?: string | undefined
  /** How many pictures of the caller's own imports may be fetched. Absent or `null`: as many as can be. */
  picturesPerMinute?: number | null | undefined
  /** Absent if the caller pays with the upstream keys directly. */
  payer?: Payer | undefined
  onProgress?: ((progress: { done: number; total?: number; message: string }) => void) | undefined
}
