/** Reads the numbers of flags, within the bounds of the arguments that they stand for. */
import * as z from 'zod'
import { AppError } from '../errors.ts'

/**
 * The number that a flag was given, or `null` where it was not given. Plain decimals only: Number() takes `0x2`, `1e1` and blanks, too.
 * @param schema of the argument.
 * @throws AppError `invalid_input` that names the flag, what stood there and what may stand there.
 */
export function numberOf(flags: Readonly<Record<string, string>>, flag: string, schema: z.ZodType): number | null {
  const text = flags[flag]
  if (text === undefined) return null
  const { type, minimum, maximum } = z.toJSONSchema(schema, { io: 'input' })
  const [kind, plain] = type === 'integer' ? ['whole', /^\d+$/] : ['decimal', /^\d+(?:\.\d+)?$/]
  if (plain.test(text) && schema.safeParse(Number(text)).success) return Number(text)
  throw new AppError({
    code: 'invalid_input',
    message: `--${flag} must be a ${kind} number from ${minimum} to ${maximum}, not ${JSON.stringify(text.slice(0, 40))}.`,
    hint: 'Write it in plain digits, or leave the flag out.',
  })
}
