/** The JSON text of an entry or a failure: a value or an error. */
import * as z from 'zod'
import { AppError, ERROR_CODES, type ErrorCode } from '../errors.ts'

/** An error such as `not_found` is an answer too. */
export type Content = { value: unknown } | { error: AppError }

const errorSchema = z.object({
  code: z.custom<ErrorCode>(code => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)),
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.number().optional(),
})

const contentSchema = z.union([z.object({ error: errorSchema }), z.object({ value: z.unknown() })])

/** Leaves out an error's cause, which may hold anything, and its credits, which are spent only once. */
export function formatContent(content: Content): string {
  if ('value' in content) return JSON.stringify({ value: content.value })
  const { code, message, hint, retryable, retryAfterMs } = content.error
  return JSON.stringify({ error: { code, message, hint, retryable, retryAfterMs } })
}

/** @returns `null` for anything {@link formatContent} did not write. */
export function parseContent(text: string): Content | null {
  try {
    const content = contentSchema.parse(JSON.parse(text))
    return 'error' in content ? { error: new AppError(content.error) } : content
  } catch {
    return null
  }
}
