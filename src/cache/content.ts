/** What is written into an entry or shared about a failure: a value or an error, as JSON text. */
import * as z from 'zod'
import { AppError, ERROR_CODES, type ErrorCode } from '../errors.ts'

/** An answer: a value, or the error that stands for one. */
export type Content = { value: unknown } | { error: AppError }

const errorSchema = z.object({
  code: z.custom<ErrorCode>(code => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)),
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.number().optional(),
})

const contentSchema = z.union([z.object({ error: errorSchema }), z.object({ value: z.unknown() })])

/** An answer as JSON text. An error's cause stays out (it may hold anything), and so do its credits (they are spent once). */
export function formatContent(content: Content): string {
  if ('value' in content) return JSON.stringify({ value: content.value })
  const { code, message, hint, retryable, retryAfterMs } = content.error
  return JSON.stringify({ error: { code, message, hint, retryable, retryAfterMs } })
}

/** Reads what {@link formatContent} wrote; `null` for anything else. */
export function parseContent(text: string): Content | null {
  try {
    const content = contentSchema.parse(JSON.parse(text))
    return 'error' in content ? { error: new AppError(content.error) } : content
  } catch {
    return null
  }
}
