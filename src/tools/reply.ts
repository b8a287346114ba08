/** Owns replies: the only place where one can be made, so that text and JSON always stand side by side. */
import type { z } from 'zod'
import type { AppError } from '../errors.ts'

/** A picture beside a reply. */
export interface ReplyPicture {
  mediaType: string
  bytes: Uint8Array
}

/** A finished reply. Its constructor is private: a bare literal does not compile as one. */
export class Reply {
  /** For a reader of plain text; says the same as `structured`. */
  readonly text: string
  /** The checked JSON; `null` for an error, for old clients check any JSON of an error against the schema of success. */
  readonly structured: Record<string, unknown> | null
  /** What failed, or `null`. */
  readonly error: AppError | null
  /** For a model that sees; the text says what they show. */
  readonly pictures: readonly ReplyPicture[]

  private constructor(
    text: string,
    structured: Record<string, unknown> | null,
    error: AppError | null,
    pictures: readonly ReplyPicture[] = [],
  ) {
    this.text = text
    this.structured = structured
    this.error = error
    this.pictures = pictures
  }

  /**
   * A successful reply. The value goes through the tool's output schema first, because one key that the schema does not name makes
   * clients drop the whole result.
   * @param toText makes the text from the checked value alone.
   */
  static success<Output extends z.ZodObject>(
    output: Output,
    value: z.input<Output>,
    toText: (value: z.output<Output>) => string,
    pictures: readonly ReplyPicture[] = [],
  ): Reply {
    const structured = output.parse(value)
    return new Reply(toText(structured), structured, null, pictures)
  }

  /** The reply of a call that failed. */
  static failure(error: AppError): Reply {
    return new Reply(errorText(error), null, error)
  }
}

/** What an agent reads of an error: what happened, what to do, and whether and when the same call can work. */
export function errorText(error: AppError): string {
  const facts = [`code: ${error.code}`, `retryable: ${error.retryable ? 'yes' : 'no'}`]
  if (error.retryAfterMs !== undefined) facts.push(`retry_after_s: ${Math.ceil(error.retryAfterMs / 1000)}`)
  if (error.creditsSpent > 0) facts.push(`credits_spent: ${error.creditsSpent}`)
  return `${error.message} ${error.hint}\n(${facts.join('; ')})`
}
