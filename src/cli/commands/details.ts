import { omitUnknown } from '../../shape/text/values.ts'
import { getProductDetails } from '../../tools/offer/get-product-details.ts'
import type { Command } from '../command.ts'
import { numberOf } from '../flag-number.ts'
import { runAsCommand } from '../run-as-command.ts'

export const detailsCommand: Command = {
  name: 'details',
  positionals: '<offer>',
  arity: { min: 1, max: 1 },
  summary: 'Read one offer in full, by its ID or any link to its listing.',
  flags: {
    quantity: { value: 'N', help: 'Units to price.' },
    variant: { value: 'NAME', help: 'Name of the variant to price, or a part of it.' },
    currency: {
      value: 'CODE',
      help: 'Also show prices in this currency, such as USD (MCP1688_FX names the source of rates).',
    },
    include: { value: 'LIST', help: 'More to read: reviews, sales, description_pictures, separated by commas.' },
    'max-credits': { value: 'N', help: 'Most credits to spend (default 1); each part of --include may cost one.' },
    fresh: { value: 'switch', help: 'Ask the upstream even if a fresh answer is cached.' },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  run: context => {
    const quantity = numberOf(context.flags, 'quantity', getProductDetails.input.shape.quantity)
    const maxCredits = numberOf(context.flags, 'max-credits', getProductDetails.input.shape.max_credits)
    const include = context.flags.include?.split(',').map(part => part.trim())
    const input = {
      offer_id: context.positionals[0],
      ...omitUnknown({
        quantity,
        variant: context.flags.variant,
        currency: context.flags.currency,
        include,
        max_credits: maxCredits,
      }),
    }
    return runAsCommand(getProductDetails, context, input)
  },
}
