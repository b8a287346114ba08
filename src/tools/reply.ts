/** Replies: the only place where one can be made, so that text and JSON always stand side by side. */
import type * as z from 'zod'
import type { AppError } from '../errors.ts'
import { known } from '../shape/text/values.ts'

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

/** What a script reads of an error: what happened, what to do, and whether and when the same call can work. */
export function errorValue({ code, message, hint, retryable, retryAfterMs, creditsSpent }: AppError) {
  const retryAfterS = retryAfterMs === undefined ? null : Math.ceil(retryAfterMs / 1000)
  return {
    code,
    message,
    hint,
    retryable,
    ...known({ retry_after_s: retryAfterS, credits_spent: creditsSpent || null }),
  }
}

/** The same for an agent or a person. */
export function errorText(error: AppError): string {
  const { message, hint, code, retryable, ...more } = errorValue(error)
  const facts = Object.entries({ code, retryable: retryable ? 'yes' : 'no', ...more })
  return `${message} ${hint}\n(${facts.map(([name, fact]) => `${name}: ${fact}`).join('; ')})`
}
