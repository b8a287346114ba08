import { getProductDetails } from '../../tools/get-product-details.ts'
import type { Command } from '../command.ts'
import { runAsCommand } from '../run-as-command.ts'

export const detailsCommand: Command = {
  name: 'details',
  positionals: '<offer>',
  arity: { min: 1, max: 1 },
  summary: 'Read one offer in full, by its ID or any link to its listing.',
  flags: {
    fresh: { value: 'switch', help: 'Ask the upstream even if a fresh answer is cached.' },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  run: context => runAsCommand(getProductDetails, context, { offer_id: context.positionals[0] }),
}
