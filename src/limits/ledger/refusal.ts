/** The error for a refused call: which limit was reached, and when to call again. */
import { AppError } from '../../errors.ts'
import type { Plan } from './allowance.ts'
import type { Refusal } from './ledger.ts'

/** What an agent can still do at no cost. */
const STILL_ANSWERED =
  'get_product_details still answers for offers read before, and search_by_image for those in the catalogue, at no cost'
const MEANWHILE = `until then ${STILL_ANSWERED}`

/** @param now wall time, milliseconds since 1970. */
export function refusalError(plan: Plan, refusal: Refusal, now: number): AppError {
  const { reason } = refusal
  const retryAfterMs = Math.ceil(refusal.retryAfterMs)
  if (reason === 'credits' && plan.allowance.creditsPerMonth === 0) return spendingDisabled()
  if (reason === 'credits') return creditsExhausted(plan, retryAfterMs, now)
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  const rate = plan.allowance.callsPerMinute
  const limit = `The limit of the ${plan.name}${rate === null ? '' : ` (${rate} ${rate === 1 ? 'call' : 'calls'} a minute)`} is reached`
  const next = `the next call can go out in ${seconds} s (${timeOf(now + retryAfterMs).slice(11, 19)} UTC)`
  return new AppError({
    code: 'rate_limited',
    message:
      reason === 'blocked'
        ? `The upstream rejected a call on the ${plan.name} for its rate and asked to wait; ${next}.`
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
    plan.allowance.creditResetDay === null ? `the first ones come back on ${when}` : `they reset on ${when}`
  return new AppError({
    code: 'credits_exhausted',
    message: `The month's credits of the ${plan.name} (${credits}) are used up; ${comingBack}.`,
    hint: `Wait until then, or upgrade the plan and set its limits in the configuration; ${MEANWHILE}.`,
    retryable: false,
    retryAfterMs,
  })
}

/** Every tier has credits, so a plan without any was set by the operator and no new month changes it. */
function spendingDisabled(): AppError {
  return new AppError({
    code: 'credits_exhausted',
    message:
      "MCP1688_CREDITS_PER_MONTH is 0, so no credits may be spent: set it to the credits of the key's plan, or remove it, to allow paid calls.",
    hint: `Without credits, ${STILL_ANSWERED}.`,
  })
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
