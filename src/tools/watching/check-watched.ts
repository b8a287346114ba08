import * as z from 'zod'
import { checkSchema, checkText, shapeCheck } from '../../shape/watch.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

const HOUR_MS = 3_600_000

/** Their changes fit into one reply. */
const MAX_REPORTED = 40

export const checkWatched = defineTool({
  name: 'check_watched',
  title: 'Check watched offers',
  description:
    'Reads the offers and searches of watch_offers again and reports what has changed since they were last read. One credit each, never more than ' +
    'max_credits; what was read within min_age_hours is not read again. Does what fits into one call and says how many are left: call again to go on.',
  effect: 'spends',
  input: z.strictObject({
    max_credits: z.int().min(0).max(10_000).describe('Maximum credits to spend'),
    min_age_hours: z.number().min(0).max(10_000).default(12).describe('Default 12'),
  }),
  output: checkSchema,
  async handle(input, { services, ...call }) {
    const result = await services.checkWatched(
      {
        maxCredits: input.max_credits,
        minAgeMs: input.min_age_hours * HOUR_MS,
        budgetMs: CALL_BUDGET.batch.callerMs,
        maxReported: MAX_REPORTED,
      },
      call,
    )
    return Reply.success(checkSchema, shapeCheck(result), checkText)
  },
})
