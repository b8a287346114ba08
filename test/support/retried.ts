import { CallError } from '../../src/limits/gate/call-report.ts'
import { type RetryPolicy, retryDelayMs } from '../../src/limits/gate/retry.ts'

/** Retries a call as the gate does, but without waiting. */
export async function retried<T>(policy: RetryPolicy, call: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof CallError) || retryDelayMs(policy, error.report, retries, 0) === null) throw error
    }
  }
}
