import { getProductDetails } from '../../tools/get-product-details.ts'
import type { Command } from '../command.ts'
import { runAsCommand } from '../run-as-command.ts'

/** Reads one offer from the terminal, through the same tool as an agent. */
export const detailsCommand: Command = {
  name: 'details',
  positionals: '<offer>',
  arity: { min: 1, max: 1 },
  summary: 'Read one offer in full: an offer id or any link of its listing.',
  flags: {
    fresh: { value: 'switch', help: 'Ask the upstream although a fresh answer is kept.' },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  run: context => runAsCommand(getProductDetails, context, { offer_id: context.positionals[0] }),
}
