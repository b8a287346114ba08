import * as z from 'zod'
import type { UpstreamLimits, UsageResult } from '../offers/results/usage.ts'
import { noteOf } from './text/remarks.ts'
import { counted, omitUnknown } from './text/values.ts'

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

/** Only what an agent needs in order to choose. */
const otherSchema = limitsSchema.pick({ upstream: true, plan: true, calls_free_now: true, credits_left: true })

export const usageSchema = z.object({
  ...limitsShape,
  others: z.array(otherSchema).optional(),
  cache_hits: z.number().optional(),
  cache_misses: z.number().optional(),
  credits_saved: z.number().optional(),
  catalogue: z.array(z.object({ source: z.string(), offers: z.number(), compared: z.number() })),
  own_offers_max: z.number().optional(),
  own_files: z.string().optional(),
  index_fetched: z.number().optional(),
  index_total: z.number().optional(),
  credits_to_finish: z.number().optional(),
  note: z.string().optional(),
})

export type UsageValue = z.output<typeof usageSchema>

export function shapeUsage({
  upstream,
  limits,
  others,
  cache,
  catalogue,
  ownOffers,
  storedBytes,
  ownBytes,
  index,
  remarks,
}: UsageResult): UsageValue {
  const further = others?.map(other => shapeLimits(other.upstream, other.limits)) ?? []
  return {
    ...shapeLimits(upstream, limits),
    ...omitUnknown({ others: further.length > 0 ? further : null }),
    ...omitUnknown({ cache_hits: cache?.hits, cache_misses: cache?.misses, credits_saved: cache?.creditsSaved }),
    catalogue,
    ...omitUnknown({
      own_offers_max: ownOffers,
      own_files: typeof ownBytes === 'number' ? `${megabytes(storedBytes)} of ${megabytes(ownBytes)} MB` : null,
      index_fetched: index?.fetched,
      index_total: index?.total,
      credits_to_finish: index?.creditsToFinish,
    }),
    ...omitUnknown({ note: noteOf(remarks) }),
  }
}

function shapeLimits(upstream: string, limits: UpstreamLimits | null): LimitsValue {
  const now = limits?.now
  const resetAt = now?.creditsResetAt ?? null
  return {
    upstream,
    ...omitUnknown({ plan: limits?.plan, calls_per_minute: limits?.callsPerMinute, calls_free_now: now?.callsFree }),
    ...omitUnknown({ next_call_in_s: now === null || now === undefined ? null : Math.ceil(now.nextCallInMs / 1000) }),
    ...omitUnknown({
      credits_per_month: limits?.creditsPerMonth,
      credits_used: now?.creditsUsed,
      credits_left: now?.creditsLeft,
    }),
    ...omitUnknown({ credits_reset_at: resetAt === null ? null : new Date(resetAt).toISOString() }),
    ...omitUnknown({ calls_waiting: now?.waiting, evenly_spaced: now?.evenlySpaced }),
  }
}

export function usageText(value: UsageValue): string {
  const lines = [...limitsLines(value), ...(value.others ?? []).map(otherLine)]
  if (value.cache_hits !== undefined) {
    const calls = value.cache_hits + (value.cache_misses ?? 0)
    lines.push(
      `cache: answered ${value.cache_hits} of ${counted(calls, 'call')}, saved ${counted(value.credits_saved, 'credit')}`,
    )
  }
  const parts = value.catalogue.map(
    part => `${part.source} ${counted(part.offers, 'offer')} (${part.compared} ready to compare)`,
  )
  const room = value.own_offers_max === undefined ? '' : `; at most ${value.own_offers_max} of your own`
  lines.push(`catalogue: ${parts.join('; ') || 'empty'}${room}`)
  if (value.own_files !== undefined) lines.push(`your pictures and exports: ${value.own_files}`)
  if (value.index_fetched !== undefined) lines.push(`index: ${indexText(value)}`)
  if (value.note) lines.push(`note: ${value.note}`)
  return lines.join('\n')
}

function megabytes(bytes: number | null | undefined): string {
  return typeof bytes !== 'number' ? '-' : String(Math.ceil(bytes / 100_000) / 10)
}

function limitsLines(value: LimitsValue): string[] {
  const head = `upstream: ${value.upstream}${value.plan ? ` (${value.plan})` : ''}`
  return value.plan ? [head, `calls: ${callsText(value)}`, `credits: ${balanceText(value)}`] : [head]
}

function callsText(value: LimitsValue): string {
  const { calls_free_now: free, calls_per_minute: all, next_call_in_s: waitS, calls_waiting: waiting } = value
  const parts = [
    all === undefined ? 'no limit per minute' : `${free ?? '-'} of ${all} left this minute`,
    waitS ? `next call in ${waitS} s` : null,
    waiting ? `${waiting} waiting` : null,
    value.evenly_spaced ? 'evenly spaced after a 429' : null,
  ]
  return parts.filter(part => part !== null).join(', ')
}

function balanceText(value: LimitsValue): string {
  const { upstream, credits_used: used, credits_left: left, credits_per_month: all, credits_reset_at: resetAt } = value
  if (all === undefined) return `${used ?? '-'} used; ${upstream} does not report a balance`
  return `${left ?? '-'} of ${all} left${resetAt ? `; more come back on ${resetAt.slice(0, 10)}` : ''}`
}

/** How much of the index is mirrored, and what the rest costs. */
function indexText({ index_fetched: fetched = 0, index_total: total, credits_to_finish: cost }: UsageValue): string {
  if (total === undefined)
    return fetched === 0 ? 'nothing fetched yet' : `${counted(fetched, 'offer')} fetched, total unknown`
  const share = total === 0 ? 100 : Math.floor((100 * fetched) / total)
  const rest = cost === 0 ? 'complete and up to date' : `the rest costs ${counted(cost, 'credit')}`
  return `${fetched} of ${counted(total, 'offer')} fetched (${share}%), ${rest}`
}

function otherLine(other: z.output<typeof otherSchema>): string {
  const { upstream, plan, calls_free_now: calls, credits_left: credits } = other
  if (!plan) return `then: ${upstream}`
  const callsLeft = calls === undefined ? '' : `, ${counted(calls, 'call')} left this minute`
  return `then: ${upstream} (${plan})${callsLeft}, ${credits === undefined ? 'balance unknown' : `${counted(credits, 'credit')} left`}`
}
