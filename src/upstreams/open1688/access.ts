/** Finds out what an application may do at the 1688 Open Platform. */
import { AppError } from '../../errors.ts'
import type { Reported } from '../../limits/gate/call-report.ts'
import type { ApiGrant } from '../port.ts'
import { API_NAMES, type ApiName, consoleName } from './apis.ts'
import type { Gateway } from './gateway.ts'

/** Failures that do not show whether an API is granted. */
const INCONCLUSIVE: ReadonlySet<string> = new Set([
  'cancelled',
  'key_missing',
  'key_rejected',
  'rate_limited',
  'upstream_unavailable',
  'store_unavailable',
])

/**
 * Asks for the platform's time, which proves key and secret, then calls each API without parameters: if it is granted,
 * the platform reports the missing parameters, otherwise the missing grant.
 * @throws the first inconclusive failure.
 */
export async function checkAccess(gateway: Gateway, signal: AbortSignal): Promise<Reported<ApiGrant[]>> {
  const { report } = await gateway.ping(signal)
  const value: ApiGrant[] = []
  for (const api of API_NAMES) value.push({ api: consoleName(api), ...(await probe(gateway, api, signal)) })
  return { value, report }
}

async function probe(gateway: Gateway, api: ApiName, signal: AbortSignal): Promise<Omit<ApiGrant, 'api'>> {
  const ask = () => errorOf(() => gateway.call(api, {}, signal, () => null))
  const first = await ask()
  // An expired token is replaced at the next call.
  const error = first?.code === 'key_rejected' ? await ask() : first
  if (error !== null && INCONCLUSIVE.has(error.code)) throw error
  return { granted: !gateway.isNotGranted(api), isUsedUp: error?.code === 'credits_exhausted' }
}

async function errorOf(work: () => Promise<unknown>): Promise<AppError | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
