import { AppError } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { fxSpec } from '../../option-values.ts'

/** `USD=7.1,EUR=7.8`: CNY for one unit. @throws AppError `invalid_input`. */
export function parseRates(text: string): Record<string, number> {
  const parsed = fxSpec.safeParse(text)
  if (parsed.success && typeof parsed.data !== 'string') return parsed.data
  throw new AppError({
    code: 'invalid_input',
    message: `${quoted(text)} is not a rate.`,
    hint: 'Write CNY for one unit, for example USD=7.1,EUR=7.8.',
  })
}
