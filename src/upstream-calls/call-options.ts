/** What every use case, and every call to an upstream, is called with. */

/** Pays for what a call asks of upstreams, where somebody else than the keeper of their keys does. */
export interface Payer {
  /**
   * Sets credits aside, before a question that may cost so many.
   * @throws AppError `credits_exhausted` where fewer are left; then nothing is asked.
   */
  reserve(credits: number): Promise<void>
}

/** What every use case is called with. */
export interface CallOptions {
  signal: AbortSignal
  /** Asks the upstream although a fresh answer is kept. */
  refresh?: boolean
  /** Whether the process ends with this call, and with it what is still on the wire. Default false. */
  endsProcess?: boolean | undefined
  /** Default: nobody is asked, for whoever calls owns the keys. */
  payer?: Payer | undefined
  onProgress?: ((progress: { done: number; total?: number; message: string }) => void) | undefined
}
