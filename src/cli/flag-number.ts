import * as z from 'zod'
import { invalidInput } from '../errors.ts'
import { quoted } from '../offers/text.ts'

/**
 * The number given for a flag, or `null`. Plain decimals only: Number() would also accept `0x2`, `1e1` and blanks.
 * @param schema bounds of the argument that the flag stands for.
 * @throws AppError `invalid_input`.
 */
export function numberOf(flags: Readonly<Record<string, string>>, flag: string, schema: z.ZodType): number | null {
  const text = flags[flag]
  if (text === undefined) return null
  const { type, minimum, maximum } = z.toJSONSchema(schema, { io: 'input' })
  const [kind, plain] = type === 'integer' ? ['whole', /^\d+$/] : ['decimal', /^\d+(?:\.\d+)?$/]
  if (plain.test(text) && schema.safeParse(Number(text)).success) return Number(text)
  throw invalidInput(
    `--${flag} must be a ${kind} number from ${minimum} to ${maximum}, not ${quoted(text)}.`,
    'Use plain digits, or leave the flag out.',
  )
}
