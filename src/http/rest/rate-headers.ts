import type { Plan } from '../../limits/ledger/allowance.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'
import type { CallCost } from '../access/payer.ts'

/** The ledger's rolling month, in seconds. */
const MONTH_S = 30 * 86_400

/**
 * `X-Credits-…` as on Parse, `RateLimit` and `RateLimit-Policy` as in the IETF draft.
 * @param now milliseconds since 1970.
 */
export function costHeaders({ credits, balance }: CallCost, now: number): Record<string, string> {
  return {
    'x-credits-charged': String(credits.spent),
    ...(credits.remaining === null ? {} : { 'x-credits-remaining': String(credits.remaining) }),
    ...(balance ? balanceHeaders(balance.plan, balance.usage, now) : {}),
  }
}

function balanceHeaders({ allowance }: Plan, usage: LedgerUsage, now: number): Record<string, string> {
  const { callsPerMinute, creditsPerMonth } = allowance
  const policies: string[] = []
  const limits: string[] = []
  if (callsPerMinute !== null) {
    policies.push(`"minute";q=${callsPerMinute};w=60`)
    limits.push(`"minute";r=${usage.callsFree ?? callsPerMinute};t=${Math.ceil(usage.nextCallInMs / 1000)}`)
  }
  if (creditsPerMonth !== null) {
    const resetMs = usage.creditsResetAt === null ? 0 : Math.max(0, usage.creditsResetAt - now)
    policies.push(`"month";q=${creditsPerMonth};w=${MONTH_S}`)
    limits.push(`"month";r=${usage.creditsLeft ?? 0};t=${Math.ceil(resetMs / 1000)}`)
  }
  return { 'ratelimit-policy': policies.join(', '), ratelimit: limits.join(', ') }
}
