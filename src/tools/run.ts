/** The run of one call: parse the arguments, hold the deadline, map errors, log. No tool does any of it by itself. */
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { AppError, asAppError, type ErrorCode } from '../errors.ts'
import type { Logger } from '../log.ts'
import { nearestName } from '../nearest-name.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { limitTime } from '../time/deadline.ts'
import type { Tool, ToolContext, ToolSchema } from './define.ts'
import { Reply } from './reply.ts'

/** The longest that a timer can be set to: some 24 days. */
const NO_END_MS = 2 ** 31 - 1

/** Failures that are nobody's bug but worth a look by who runs the server. */
const WORTH_A_WARNING: ReadonlySet<ErrorCode> = new Set([
  'upstream_changed',
  'certificate_untrusted',
  'store_unavailable',
  'key_rejected',
])

/** Runs a tool with raw arguments. Never rejects: whatever goes wrong becomes an error reply. */
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
    return Reply.failure(error)
  } finally {
    end.forget()
  }
}

/**
 * Checks raw arguments against a tool's schema.
 * @throws AppError `invalid_input` that names each wrong argument, and for an unknown one the expected ones.
 */
export function parseInput<Input extends ToolSchema>(tool: Tool<Input>, raw: unknown): z.output<Input> {
  const parsed = tool.input.safeParse(raw ?? {})
  if (parsed.success) return parsed.data
  const names = Object.keys(tool.input.shape)
  const args = Object.entries(tool.input.shape).map(([name, schema]) => `${name} (${describe(schema)})`)
  // A misspelt name first, for it is why another one is missing. Of several problems of one argument the last one: zod tells its own bounds first.
  const issues = parsed.error.issues.toSorted((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)))
  const problems = new Map(issues.map(issue => [issue.path.join('.'), problemOf(issue, raw, names)]))
  throw new AppError({
    code: 'invalid_input',
    message: `${[...problems.values()].join('; ')}.`,
    hint: `${tool.name} takes ${args.join(', ') || 'no arguments'}.`,
  })
}

/** What zod calls otherwise than a person would. */
const TYPE_NAMES: Readonly<Record<string, string>> = { int: 'a whole number', array: 'a list' }

/** Unknown arguments that are told. */
const MAX_UNKNOWN = 5

function isUnknown(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys'
}

function problemOf(issue: z.core.$ZodIssue, raw: unknown, names: readonly string[]): string {
  if (isUnknown(issue)) {
    const told = issue.keys.slice(0, MAX_UNKNOWN).map(key => {
      const nearest = nearestName(key, names)
      return `${JSON.stringify(key.slice(0, 40))}${nearest ? ` (did you mean ${nearest}?)` : ''}`
    })
    return `Unknown argument ${told.join(', ')}`
  }
  const name = issue.path.join('.')
  if (name === '') return 'The arguments are not a JSON object'
  const [argument = ''] = issue.path
  const isThere = typeof raw === 'object' && raw !== null && argument in raw
  if (!isThere) return `${name} is missing`
  if (issue.code === 'invalid_type') return `${name} must be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`
  if (issue.code === 'invalid_value') return `${name} must be ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'too_small' && issue.origin === 'array') return `${name} must name at least ${issue.minimum}`
  if (issue.code === 'too_big' && issue.origin === 'array') return `${name} must name at most ${issue.maximum}`
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? `${name} is empty` : `${name} must be at least ${issue.minimum}`
  if (issue.code === 'too_big')
    return `${name} must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters long' : ''}`
  return `${name}: ${issue.message.replace(/^Invalid input: /, '')}`
}

/** A larger maximum only keeps nonsense out; nobody needs to be told of it. */
const TELLING_MAXIMUM = 10_000

/** The type of an argument in a word or two, as the advertised schema has it. */
function describe(schema: z.core.$ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input' })
  if (json.enum) return json.enum.join(' or ')
  const range = json.maximum !== undefined && json.maximum <= TELLING_MAXIMUM ? ` ${json.minimum}-${json.maximum}` : ''
  if (json.type === 'array') return `list of ${json.minItems ?? 0}-${json.maxItems ?? 'any'}`
  return `${json.type ?? 'any'}${range}`
}

/** Out of time; where the answer is still under way, that says more. */
function lateError(thrown: unknown): AppError {
  return thrown instanceof AppError && thrown.isUnderWay ? thrown : deadlineError(thrown)
}

function deadlineError(cause?: unknown): AppError {
  return new AppError({
    code: 'deadline_exceeded',
    message: `The call was not done within ${CALL_BUDGET.call.callerMs / 1000} s.`,
    hint: 'Call again: what was fetched until now is kept, so the next try gets further.',
    retryable: true,
    cause,
  })
}
