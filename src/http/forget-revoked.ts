/** Deletes what revoked keys have stored, once they have been revoked for long. */
import type { KeyStore } from '../keys/api-key.ts'
import { longRevoked } from '../keys/long-revoked.ts'
import type { Logger } from '../log.ts'

const DAY_MS = 86_400_000

export interface ForgetRevokedDeps {
  keys: Pick<KeyStore, 'list'>
  forgetAccount: (owner: string) => Promise<unknown>
  logger: Logger
}

/** Now and once a day. `stop` waits for what is being deleted. */
export function forgetRevokedDaily({ keys, forgetAccount, logger }: ForgetRevokedDeps): { stop(): Promise<void> } {
  let isStopped = false
  const kept = (cause: unknown) => logger.warn('what a revoked key has stored was kept', { cause })
  const forget = async (): Promise<void> => {
    for (const owner of longRevoked(await keys.list(), Date.now())) {
      if (isStopped) return
      await forgetAccount(owner).catch(kept)
    }
  }
  let current = forget().catch(kept)
  const timer = setInterval(() => {
    current = forget().catch(kept)
  }, DAY_MS).unref()
  return {
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await current
    },
  }
}
