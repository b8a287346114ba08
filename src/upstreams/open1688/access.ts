/** Finds out what an application may do at the 1688 Open Platform. */
import { AppError } from '../../errors.ts'
import type { Reported } from '../../limits/gate/call-report.ts'
import type { ApiGrant } from '../port.ts'
import { API_NAMES, type ApiName, consoleName } from './apis.ts'
import type { Gateway } from './gateway.ts'

/** Failures that say nothing about a grant. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'cancelled',
  'key_missing',
  'key_rejected',
  'rate_limited',
  'upstream_unavailable',
  'store_unavailable',
])

/**
 * Asks for the platform's time (key and secret are right), then calls each API without its parameters: one that is granted complains of that, one
 * that is not says so first.
 * @throws the first failure that is not about a grant.
 */
export async function checkAccess(gateway: Gateway, signal: AbortSignal): Promise<Reported<ApiGrant[]>> {
  const { report } = await gateway.ping(signal)
  const value: ApiGrant[] = []
  for (const api of API_NAMES) value.push({ api: consoleName(api), granted: await isGranted(gateway, api, signal) })
  return { value, report }
}

async function isGranted(gateway: Gateway, api: ApiName, signal: AbortSignal): Promise<boolean> {
  const ask = () => complaintOf(() => gateway.call(api, {}, signal, () => null))
  const first = await ask()
  // An expired token is replaced at the next call.
  const complaint = first?.code === 'key_rejected' ? await ask() : first
  if (complaint !== null && SAYS_NOTHING.has(complaint.code)) throw complaint
  return !gateway.isDeclined(api)
}

async function complaintOf(work: () => Promise<unknown>): Promise<AppError | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
