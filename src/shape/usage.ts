/** How usage is written: the JSON schema and value, and the text made from that value alone. */
import * as z from 'zod'
import type { UpstreamLimits, UsageResult } from '../offers/results/usage.ts'
import { noteOf } from './text/remarks.ts'
import { known } from './text/values.ts'

const limitsShape = {
  upstream: z.string(),
  plan: z.string().optional(),
  calls_per_minute: z.number().optional(),
  calls_free_now: z.number().optional(),
  next_call_in_s: z.number().optional(),
  credits_per_month: z.number().optional(),
  credits_used: z.number().optional(),
  credits_left: z.number().optional(),
  credits_reset_at: z.string().optional(),
  calls_waiting: z.number().optional(),
  evenly_spaced: z.boolean().optional(),
}
const limitsSchema = z.object(limitsShape)
type LimitsValue = z.output<typeof limitsSchema>

/** Of the upstreams that are asked after the first one, what an agent decides by. */
const otherSchema = limitsSchema.pick({ upstream: true, plan: true, calls_free_now: true, credits_left: true })

/** The JSON of a usage reply. */
export const usageSchema = z.object({
  ...limitsShape,
  others: z.array(otherSchema).optional(),
  cache_hits: z.number().optional(),
  cache_misses: z.number().optional(),
  credits_saved: z.number().optional(),
  catalogue: z.array(z.object({ source: z.string(), offers: z.number(), compared: z.number() })),
  index_fetched: z.number().optional(),
  index_total: z.number().optional(),
  credits_to_finish: z.number().optional(),
  note: z.string().optional(),
})

export type UsageValue = z.output<typeof usageSchema>

/** Usage as JSON. */
export function shapeUsage({ upstream, limits, others, cache, catalogue, index, remarks }: UsageResult): UsageValue {
  const further = others?.map(other => shapeLimits(other.upstream, other.limits)) ?? []
  return {
    ...shapeLimits(upstream, limits),
    ...known({ others: further.length > 0 ? further : null }),
    ...known({ cache_hits: cache?.hits, cache_misses: cache?.misses, credits_saved: cache?.creditsSaved }),
    catalogue,
    ...known({ index_fetched: index?.fetched, index_total: index?.total, credits_to_finish: index?.creditsToFinish }),
    ...known({ note: noteOf(remarks) }),
  }
}

function shapeLimits(upstream: string, limits: UpstreamLimits | null): LimitsValue {
  const now = limits?.now
  const resetAt = now?.creditsResetAt ?? null
  return {
    upstream,
    ...known({ plan: limits?.plan, calls_per_minute: limits?.callsPerMinute, calls_free_now: now?.callsFree }),
    ...known({ next_call_in_s: now === null || now === undefined ? null : Math.ceil(now.nextCallInMs / 1000) }),
    ...known({
      credits_per_month: limits?.creditsPerMonth,
      credits_used: now?.creditsUsed,
      credits_left: now?.creditsLeft,
    }),
    ...known({ credits_reset_at: resetAt === null ? null : new Date(resetAt).toISOString() }),
    ...known({ calls_waiting: now?.waiting, evenly_spaced: now?.evenlySpaced }),
  }
}

export function usageText(value: UsageValue): string {
  const lines = [...limitsLines(value), ...(value.others ?? []).map(otherLine)]
  if (value.cache_hits !== undefined) {
    lines.push(`cache: ${value.cache_hits} hits, ${value.cache_misses} misses, ${value.credits_saved} credits saved`)
  }
  const parts = value.catalogue.map(part => `${part.source} ${part.offers} offers (${part.compared} compared)`)
  lines.push(`catalogue: ${parts.join('; ') || 'empty'}`)
  if (value.index_fetched !== undefined) lines.push(`index: ${indexText(value)}`)
  if (value.note) lines.push(`note: ${value.note}`)
  return lines.join('\n')
}

function limitsLines(value: LimitsValue): string[] {
  const head = `upstream: ${value.upstream}${value.plan ? ` (${value.plan})` : ''}`
  if (!value.plan) return [head]
  const next =
    value.next_call_in_s === undefined ? '-' : value.next_call_in_s === 0 ? 'now' : `in ${value.next_call_in_s} s`
  return [
    head,
    `calls: ${callsText(value)}, next ${next}, ${value.calls_waiting ?? '-'} waiting${value.evenly_spaced ? ', evenly spaced after a 429' : ''}`,
    `credits: ${value.credits_used ?? '-'} used, ${creditsText(value)}${value.credits_reset_at ? `, more come back ${value.credits_reset_at}` : ''}`,
  ]
}

function callsText({ calls_free_now: free, calls_per_minute: all }: LimitsValue): string {
  return all === undefined ? 'as many as the upstream allows' : `${free ?? '-'} of ${all} a minute free`
}

function creditsText({ credits_left: left, credits_per_month: all }: LimitsValue): string {
  return all === undefined ? 'how many are left only the upstream knows' : `${left ?? '-'} left of ${all} a month`
}

/** How much of the index is mirrored, and what the rest costs. */
function indexText({ index_fetched: fetched = 0, index_total: total, credits_to_finish: cost }: UsageValue): string {
  if (total === undefined)
    return fetched === 0 ? 'nothing fetched yet' : `${fetched} offers fetched, of how many is unknown`
  const share = total === 0 ? 100 : Math.floor((100 * fetched) / total)
  const rest = cost === 0 ? 'complete and fresh' : `the rest costs ${cost ?? '-'} ${cost === 1 ? 'credit' : 'credits'}`
  return `${fetched} of ${total} offers fetched (${share} %), ${rest}`
}

function otherLine({
  upstream,
  plan,
  calls_free_now: calls,
  credits_left: credits,
}: z.output<typeof otherSchema>): string {
  if (!plan) return `then: ${upstream}`
  return `then: ${upstream} (${plan}), ${calls ?? 'any number of'} calls free now, ${credits ?? 'an unknown number of'} credits left`
}
