/** Runs one call: parses the arguments, enforces the deadline, maps errors and logs, so that no tool has to. */
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { AppError, asAppError, type ErrorCode, invalidInput } from '../errors.ts'
import type { Logger } from '../log.ts'
import { nearestName } from '../nearest-name.ts'
import { quoted } from '../offers/text.ts'
import { counted } from '../shape/text/values.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { limitTime } from '../time/deadline.ts'
import type { Tool, ToolContext, ToolSchema } from './define.ts'
import { inChinese } from './in-chinese.ts'
import { normaliseArguments } from './normalise.ts'
import { Reply } from './reply.ts'

/** The longest delay of a timer, about 24 days. */
const NO_END_MS = 2 ** 31 - 1

/** Failures that are not bugs, but that the operator should look into. */
const WORTH_A_WARNING: ReadonlySet<ErrorCode> = new Set([
  'upstream_changed',
  'certificate_untrusted',
  'store_unavailable',
  'key_rejected',
])

/** Never rejects: every failure becomes an error reply. */
export async function runTool(tool: Tool, rawInput: unknown, context: ToolContext, logger: Logger): Promise<Reply> {
  const startedAt = performance.now()
  const end = limitTime(context.endsProcess ? NO_END_MS : CALL_BUDGET.call.callerMs, context.signal, {
    reasonOf: deadlineError,
  })
  const ms = () => Math.round(performance.now() - startedAt)
  try {
    const input = parseInput(tool, rawInput)
    const reply = await tool.handle(input, { ...context, signal: end.signal })
    logger.info('tool call', { tool: tool.name, outcome: 'ok', ms: ms() })
    return reply
  } catch (thrown) {
    const incident = randomBytes(4).toString('hex')
    const error = end.isOver() ? lateError(thrown) : asAppError(thrown, incident)
    const fields = { tool: tool.name, outcome: error.code, ms: ms() }
    if (error.code === 'internal') logger.error('tool call failed', { ...fields, incident, cause: error.cause })
    else if (WORTH_A_WARNING.has(error.code)) logger.warn('tool call failed', { ...fields, cause: error.cause })
    else logger.info('tool call', fields)
    return Reply.failure(error, await inChinese({ error }, context.client))
  } finally {
    end.forget()
  }
}

/**
 * @throws AppError `invalid_input` that names every wrong argument and lists the expected ones.
 */
export function parseInput<Input extends ToolSchema>(tool: Tool<Input>, raw: unknown): z.output<Input> {
  const args = normaliseArguments(tool.input, raw)
  const parsed = tool.input.safeParse(args, { reportInput: true })
  if (parsed.success) return parsed.data
  const names = Object.keys(tool.input.shape)
  // Hosts fill in objects, such as an attachment; no agent can write one.
  const expected = Object.entries(tool.input.shape)
    .map(([name, schema]) => [name, describe(schema)] as const)
    .filter(([, type]) => type !== 'object')
    .map(([name, type]) => `${name} (${type})`)
  // Misspelt names first: they explain why another argument is missing. If an argument has several problems, the last
  // one counts: zod's own bounds come first.
  const issues = parsed.error.issues.toSorted((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)))
  const problems = new Map(issues.map(issue => [issue.path.join('.'), problemOf(issue, args, names)]))
  throw invalidInput(`${[...problems.values()].join('; ')}.`, `${tool.name} takes ${expected.join(', ')}.`)
}

const TYPE_NAMES: Readonly<Record<string, string>> = { int: 'a whole number', array: 'a list' }

const MAX_UNKNOWN_LISTED = 5

function isUnknown(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys'
}

function problemOf(issue: z.core.$ZodIssue, args: unknown, names: readonly string[]): string {
  if (isUnknown(issue)) {
    const unknown = issue.keys.slice(0, MAX_UNKNOWN_LISTED).map(key => {
      const nearest = nearestName(key, names)
      return `${quoted(key)}${nearest ? ` (did you mean ${nearest}?)` : ''}`
    })
    return `Unknown argument${unknown.length === 1 ? '' : 's'} ${unknown.join(', ')}`
  }
  const name = nameOf(issue.path)
  if (name === '') return 'The arguments must be a JSON object'
  const [argument = ''] = issue.path
  const isThere = typeof args === 'object' && args !== null && argument in args
  if (!isThere) return `${name} is missing`
  if (issue.code === 'too_small' && issue.origin === 'string')
    return issue.minimum === 1
      ? `${name} is empty`
      : `${name} must be ${issue.minimum} characters long${valueText(issue.input)}`
  const entries = (count: number | bigint) => counted(Number(count), name.endsWith('_ids') ? 'ID' : 'item')
  if (issue.code === 'too_small' && issue.origin === 'array') return `${name} needs at least ${entries(issue.minimum)}`
  if (issue.code === 'too_big' && issue.origin === 'array') return `${name} takes at most ${entries(issue.maximum)}`
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `${name} must be at most ${issue.maximum} characters long`
  return `${name} must be ${expectationOf(issue)}${valueText(issue.input)}`
}

/** `include[0]`: the first of a list. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.map(part => (typeof part === 'number' ? `[${part}]` : String(part))).join('')
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ')
  if (issue.code === 'too_small') return `at least ${issue.minimum}`
  if (issue.code === 'too_big') return `at most ${issue.maximum}`
  return 'valid'
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return `, not ${quoted(value)}`
  return typeof value === 'number' || typeof value === 'boolean' ? `, not ${value}` : ''
}

/** A larger maximum only keeps out nonsense; a caller need not know it. */
const MAX_SHOWN_MAXIMUM = 10_000

/** The type of an argument in a word or two. */
function describe(schema: z.core.$ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input' })
  if (json.enum) return json.enum.join(' or ')
  const range =
    json.maximum !== undefined && json.maximum <= MAX_SHOWN_MAXIMUM ? ` ${json.minimum}-${json.maximum}` : ''
  const options = typeof json.items === 'object' && 'enum' in json.items ? json.items.enum : undefined
  if (options) return `list of ${options.join(', ')}`
  if (json.type === 'array') return `list of ${json.minItems ?? 0}-${json.maxItems ?? 'any'}`
  return `${json.type ?? 'any'}${range}`
}

/** An answer that is still on its way says more than that time is up. */
function lateError(thrown: unknown): AppError {
  return thrown instanceof AppError && thrown.isUnderWay ? thrown : deadlineError(thrown)
}

function deadlineError(cause?: unknown): AppError {
  return new AppError({
    code: 'deadline_exceeded',
    message: `The call did not finish within ${CALL_BUDGET.call.callerMs / 1000} s.`,
    hint: 'Call again: everything fetched so far is kept, so the next attempt gets further.',
    retryable: true,
    cause,
  })
}
