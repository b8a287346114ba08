import * as z from 'zod'
import { shapeUsage, usageSchema, usageText } from '../shape/usage.ts'
import { defineTool } from './define.ts'
import { Reply } from './reply.ts'

export const getUsage = defineTool({
  name: 'get_usage',
  title: 'Show limits, credits and catalogue',
  description:
    'Shows the plan, how many calls are left this minute and when the next one is possible, credits used, left and when they reset, ' +
    'credits saved by the cache, and how much of the index is in the catalogue. Costs nothing.',
  effect: 'reads',
  input: z.strictObject({}),
  output: usageSchema,
  async handle(_input, { services }) {
    return Reply.success(usageSchema, shapeUsage(await services.getUsage()), usageText)
  },
})
