import * as z from 'zod'
import { invalidInput } from '../errors.ts'
import type { UsageResult } from '../offers/results/usage.ts'
import { quoted } from '../offers/text.ts'
import { shapeUsage, usageSchema, usageText } from '../shape/usage.ts'
import { defineTool } from './define.ts'
import { Reply } from './reply.ts'

export const getUsage = defineTool({
  name: 'get_usage',
  title: 'Show limits, credits and catalogue',
  description:
    'The plan, calls left this minute, credits used, left and saved by the cache, when they reset, and how much of the index is in the ' +
    'catalogue. Costs nothing.',
  effect: 'reads',
  // Without any property, some hosts refuse the tool, and with it the whole request.
  input: z.strictObject({ upstream: z.string().min(1).max(40).optional().describe('Only this upstream') }),
  output: usageSchema,
  async handle({ upstream }, { services }) {
    const usage = await services.getUsage()
    const chosen = upstream === undefined ? usage : usageOf(usage, upstream)
    return Reply.success(usageSchema, shapeUsage(chosen), usageText)
  },
})

/** The part about one upstream. @throws AppError `invalid_input` for one that is not in use. */
function usageOf(result: UsageResult, upstream: string): UsageResult {
  const all = [{ upstream: result.upstream, limits: result.limits }, ...(result.others ?? [])]
  const name = upstream.trim().toLowerCase()
  const chosen = all.find(each => each.upstream === name)
  if (chosen) return { ...result, ...chosen, others: [] }
  throw invalidInput(
    `This server does not use an upstream called ${quoted(upstream)}.`,
    `Leave upstream out, or pass ${all.map(each => each.upstream).join(' or ')}.`,
  )
}
