/** Owns finding out what an application may do at the 1688 Open Platform. */
import { AppError } from '../../errors.ts'
import { API_NAMES, type ApiName, consoleName } from './apis.ts'
import type { Gateway } from './gateway.ts'

/** Whether one API may be called. */
export interface ApiAccess {
  /** As the platform's console lists it. */
  api: string
  /** `null` where it could not be found out. */
  granted: boolean | null
}

/** What an application may do. */
export interface AccessReport {
  /** Why the application cannot be used at all, or why not everything could be found out; `null` where all is well. */
  problem: AppError | null
  apis: ApiAccess[]
}

/** Failures that say nothing about a grant. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'key_missing',
  'key_rejected',
  'rate_limited',
  'upstream_unavailable',
  'store_unavailable',
])

/**
 * Asks for the platform's time (key and secret are right), then calls each API without its parameters: one that is granted complains of that, one
 * that is not says so first. Ends at the first problem that is not about a grant.
 * @throws AppError `cancelled`.
 */
export async function checkAccess(gateway: Gateway, signal: AbortSignal): Promise<AccessReport> {
  let problem = await problemOf(() => gateway.ping(signal))
  const apis: ApiAccess[] = []
  for (const api of API_NAMES) {
    const granted = problem === null ? await isGranted(gateway, api, signal) : null
    if (granted instanceof AppError) problem = granted
    apis.push({ api: consoleName(api), granted: granted instanceof AppError ? null : granted })
  }
  return { problem, apis }
}

async function isGranted(gateway: Gateway, api: ApiName, signal: AbortSignal): Promise<boolean | AppError> {
  const ask = () => problemOf(() => gateway.call(api, {}, signal, () => null))
  const first = await ask()
  // An expired token is replaced at the next call.
  const problem = first?.code === 'key_rejected' ? await ask() : first
  if (problem === null) return true
  if (SAYS_NOTHING.has(problem.code)) return problem
  return !gateway.isDeclined(api)
}

async function problemOf(work: () => Promise<unknown>): Promise<AppError | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof AppError && error.code !== 'cancelled') return error
    throw error
  }
}
