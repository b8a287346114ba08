/** Runs work once; after a failure, the next call runs it again. */
export function retryable<T>(work: () => Promise<T>) {
  let doing: Promise<T> | null = null
  return {
    get(): Promise<T> {
      doing ??= work().catch(error => {
        doing = null
        throw error
      })
      return doing
    },
    /** The result if the work was started; `null` if it failed. */
    opened: async (): Promise<T | null> => (await doing?.catch(() => null)) ?? null,
  }
}
