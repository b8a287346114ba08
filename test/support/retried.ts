/** Runs a call again as the gate does, without its waits. */
import { CallError } from '../../src/limits/gate/call-report.ts'
import { type RetryPolicy, retryDelayMs } from '../../src/limits/gate/retry.ts'

/** Runs a call again for as long as the policy allows it, without waiting. */
export async function retried<T>(policy: RetryPolicy, call: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof CallError) || retryDelayMs(policy, error.report, retries, 0) === null) throw error
    }
  }
}
