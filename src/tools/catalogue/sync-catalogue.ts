import * as z from 'zod'
import { shapeSync, syncSchema, syncText } from '../../shape/sync.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

export const syncCatalogue = defineTool({
  name: 'sync_catalogue',
  title: 'Fill the local catalogue',
  description:
    "Fetches the rest of the upstream's product index into the local catalogue, so that searches compare all of it at no cost. " +
    'Spends at most max_credits (60 offers per credit); call again to continue. Only if a search says that offers are missing.',
  effect: 'fills_catalogue',
  input: z.strictObject({
    max_credits: z.int().min(0).max(10_000).describe('0 only processes pictures that are already there'),
  }),
  output: syncSchema,
  async handle(input, { services, ...call }) {
    const result = await services.syncCatalogue(
      { maxCredits: input.max_credits, budgetMs: CALL_BUDGET.batch.callerMs },
      call,
    )
    return Reply.success(syncSchema, shapeSync(result), syncText)
  },
})
