import type { Dispatcher } from 'undici'
import { AppError, throwIfAborted } from '../../errors.ts'
import { createAddressGuard } from '../../net/address-guard.ts'
import { createDispatcher } from '../../net/dispatcher.ts'
import type { Proxies } from '../../net/proxies.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { limitTime } from '../../time/deadline.ts'
import type { FetchText } from './sources.ts'

/** The bank's file has 2 kB. */
const MAX_BYTES = 64_000

/** Fetches short texts from public servers: no redirect is followed, and no private address is reached. */
export function createTextFetcher(proxies: Proxies): { fetchText: FetchText; close(): Promise<void> } {
  let opened: Promise<Dispatcher> | null = null
  const open = async (): Promise<Dispatcher> => {
    const { buildConnector } = await import('../../net/undici.ts')
    const { lookup, beforeProxy } = createAddressGuard()
    const connect = buildConnector({ lookup, timeout: CALL_BUDGET.connecting.wireMs })
    return createDispatcher({ connect, proxies, beforeProxy })
  }
  const read = async (url: string, signal: AbortSignal) => {
    opened ??= open()
    const { request } = await import('../../net/undici.ts')
    const { statusCode: status, body } = await request(url, { dispatcher: await opened, signal })
    const chunks: Uint8Array[] = []
    let size = 0
    const parts: AsyncIterable<unknown> = body
    for await (const chunk of parts) {
      if (!(chunk instanceof Uint8Array)) continue
      size += chunk.length
      if (size > MAX_BYTES) throw new Error('the answer is too long')
      chunks.push(chunk)
    }
    return { status, text: Buffer.concat(chunks).toString() }
  }
  return {
    async fetchText(url, signal) {
      const limit = limitTime(CALL_BUDGET.exchangeRate.callerMs, signal)
      try {
        return await read(url, limit.signal)
      } catch (cause) {
        throwIfAborted(signal)
        throw unreachable(new URL(url).hostname, cause)
      } finally {
        limit.forget()
      }
    },
    close: async () => {
      await (await opened)?.destroy()
    },
  }
}

function unreachable(host: string, cause: unknown): AppError {
  return new AppError({
    code: 'upstream_unavailable',
    message: `The exchange rate could not be fetched from ${host}.`,
    hint: 'Pass exchange_rate, or try again later.',
    retryable: true,
    cause,
  })
}
