/** The only place that can make a reply, so that every one has both text and JSON. */
import type * as z from 'zod'
import type { AppError } from '../errors.ts'
import { omitUnknown } from '../shape/text/values.ts'
import type { Question } from './define.ts'
import type { InChinese } from './in-chinese.ts'

export interface ReplyPicture {
  mediaType: string
  bytes: Uint8Array
}

/** A file that the reply is about; its address stands in text and JSON, too, since many hosts drop links. */
export interface ReplyFile {
  uri: string
  name: string
  mediaType: string
  bytes: number
}

interface ReplyExtras {
  pictures?: readonly ReplyPicture[]
  file?: ReplyFile | null
  zh?: InChinese | null
}

interface ReplyParts extends ReplyExtras {
  structured?: Record<string, unknown>
  error?: AppError
  question?: Question
}

/** The constructor is private so that an object literal does not compile as a reply. */
export class Reply {
  /** Says the same as `structured`. */
  readonly text: string
  /** `null` for an error: old clients check an error's JSON against the schema of success. */
  readonly structured: Record<string, unknown> | null
  readonly error: AppError | null
  /** For a model that can see; the text says what they show. */
  readonly pictures: readonly ReplyPicture[]
  readonly file: ReplyFile | null
  /** Not yet a reply, but a question to the person. */
  readonly question: Question | null
  /** For a page in Chinese. */
  readonly zh: InChinese | null

  private constructor(text: string, parts: ReplyParts) {
    this.text = text
    this.structured = parts.structured ?? null
    this.error = parts.error ?? null
    this.pictures = parts.pictures ?? []
    this.question = parts.question ?? null
    this.file = parts.file ?? null
    this.zh = parts.zh ?? null
  }

  /**
   * Checks the value against the tool's output schema first: a single key that the schema does not name makes clients
   * drop the result.
   * @param toText makes the text from the checked value alone.
   */
  static success<Output extends z.ZodObject>(
    output: Output,
    value: z.input<Output>,
    toText: (value: z.output<Output>) => string,
    extras: ReplyExtras = {},
  ): Reply {
    const structured = output.parse(value)
    return new Reply(toText(structured), { ...extras, structured })
  }

  /** Only for a client that {@link ClientAbilities.opensAddresses}. */
  static ask(question: Question): Reply {
    return new Reply(question.message, { question })
  }

  static failure(error: AppError, zh: InChinese | null = null): Reply {
    return new Reply(errorText(error), { error, zh })
  }
}

/** An error for a script. */
export function errorValue({ code, message, hint, retryable, retryAfterMs, creditsSpent }: AppError) {
  const retryAfterS = retryAfterMs === undefined ? null : Math.ceil(retryAfterMs / 1000)
  return {
    code,
    message,
    hint,
    retryable,
    ...omitUnknown({ retry_after_s: retryAfterS, credits_spent: creditsSpent || null }),
  }
}

/** An error for an agent or a person. */
export function errorText(error: AppError): string {
  const { message, hint, code, retryable, ...more } = errorValue(error)
  const facts = Object.entries({ code, retryable: retryable ? 'yes' : 'no', ...more })
  return `${message} ${hint}\n(${facts.map(([name, fact]) => `${name}: ${fact}`).join('; ')})`
}
