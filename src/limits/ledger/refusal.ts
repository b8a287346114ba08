/** The words of a refusal: which limit was met, and when to come back. */
import { AppError } from '../../errors.ts'
import type { Allowance } from './allowance.ts'
import type { Refusal } from './ledger.ts'

/** What costs nothing, so that a refused agent can go on with something. */
const STILL_ANSWERED =
  'get_product_details still answers for offers read before, and search_by_image for those in the catalogue, at no cost'
const MEANWHILE = `until then ${STILL_ANSWERED}`

/** What a refusal tells about the key. */
export interface Plan {
  /** How the user knows the plan, for example `free tier`. */
  name: string
  allowance: Allowance
}

/** The error of a call that would wait too long. @param now wall time, milliseconds since 1970. */
export function refusalError(plan: Plan, refusal: Refusal, now: number): AppError {
  const { reason } = refusal
  const retryAfterMs = Math.ceil(refusal.retryAfterMs)
  if (reason === 'credits' && plan.allowance.creditsPerMonth === 0) return nothingMayBeSpent()
  if (reason === 'credits') return creditsExhausted(plan, retryAfterMs, now)
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  const rate = plan.allowance.callsPerMinute
  const limit = `The limit of the ${plan.name}${rate === null ? '' : ` (${rate} a minute)`} is reached`
  const next = `the next call can go out in ${seconds} s (${timeOf(now + retryAfterMs).slice(11, 19)} UTC)`
  return new AppError({
    code: 'rate_limited',
    message:
      reason === 'blocked'
        ? `The upstream refused a call of the ${plan.name} and asked to wait; ${next}.`
        : `${limit}; ${next}.`,
    hint: `Call again in ${seconds} s; ${MEANWHILE}.`,
    retryable: true,
    retryAfterMs,
  })
}

function creditsExhausted(plan: Plan, retryAfterMs: number, now: number): AppError {
  const credits = new Intl.NumberFormat('en-US').format(plan.allowance.creditsPerMonth ?? 0)
  const [day = '', time = ''] = timeOf(now + retryAfterMs).split('T')
  const when = `${day} ${time.slice(0, 5)} UTC`
  const comingBack =
    plan.allowance.creditResetDay === null ? `the first ones come back on ${when}` : `they start anew on ${when}`
  return new AppError({
    code: 'credits_exhausted',
    message: `The month's credits of the ${plan.name} (${credits}) are used up; ${comingBack}.`,
    hint: `Wait until then, or take a larger plan and set its figures in the configuration; ${MEANWHILE}.`,
    retryable: false,
    retryAfterMs,
  })
}

/** Every tier has credits, so a plan without is one that the operator set: no month's end will change it. */
function nothingMayBeSpent(): AppError {
  return new AppError({
    code: 'credits_exhausted',
    message:
      "MCP1688_CREDITS_PER_MONTH is 0, so nothing is spent: set it to the credits of the key's plan, or leave it out, to pay for calls.",
    hint: `Without, ${STILL_ANSWERED}.`,
  })
}

/** An instant as ISO 8601. @param at milliseconds since 1970. */
function timeOf(at: number): string {
  return new Date(at).toISOString()
}
