import { omitUnknown } from '../../shape/text/values.ts'
import { getProductDetails } from '../../tools/offer/get-product-details.ts'
import type { Command } from '../command.ts'
import { numberOf } from '../flag-number.ts'
import { runAsCommand } from '../run-as-command.ts'
import { FLAGS } from '../shared-flags.ts'

export const detailsCommand: Command = {
  name: 'details',
  positionals: '<offer>',
  arity: { min: 1, max: 1 },
  summary: 'Read one offer in full, by its ID or any link to its listing.',
  flags: {
    quantity: { value: 'N', help: 'Units to price.' },
    variant: FLAGS.variant,
    currency: FLAGS.currency,
    include: { value: 'LIST', help: 'More to read: reviews, sales, description_pictures, separated by commas.' },
    'max-credits': { value: 'N', help: 'Most credits to spend (default 1); each part of --include may cost one.' },
    fresh: FLAGS.fresh,
    json: FLAGS.json,
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
