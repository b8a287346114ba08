/** Says in words what the SDK says with the issues of zod, as JSON, or without saying what to do. */
import { type JSONRPCMessage, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { nearestName } from '../../nearest-name.ts'
import { quoted } from '../../offers/text.ts'
import { isRecord, jsonIn } from '../../tools/json-values.ts'

/** The rest of a long list helps nobody. */
const MAX_ISSUES = 3

/** @param tools the names of those that can be called. */
export function withPlainError(message: JSONRPCMessage, tools: readonly string[]): JSONRPCMessage {
  if (!('error' in message)) return message
  const said = message.error.message
  const text = withToolNames(said, tools) ?? ofPrompt(said) ?? withoutIssues(said)
  return text === null ? message : { ...message, error: { code: ProtocolErrorCode.InvalidParams, message: text } }
}

function withoutIssues(text: string): string | null {
  const start = text.indexOf('[\n')
  const issues = start === -1 ? null : jsonIn(text.slice(start))
  if (!Array.isArray(issues) || !issues.every(isRecord)) return null
  return `Invalid parameters: ${issues.slice(0, MAX_ISSUES).map(problemOf).join(', ')}.`
}

/** Hosts put the server's name before that of a tool, and some of them leave it there. */
const PREFIX = /^.*(?:__|[.:/])/

function withToolNames(text: string, tools: readonly string[]): string | null {
  const [, unknown] = /^Tool (.*) not found$/s.exec(text) ?? []
  if (unknown === undefined) return null
  const nearest = nearestName(unknown.trim().replace(PREFIX, ''), tools)
  const cure = nearest === null ? `The tools are ${tools.join(', ')}.` : `Did you mean ${nearest}?`
  return `There is no tool ${quoted(unknown)}. ${cure}`
}

function ofPrompt(text: string): string | null {
  const [, unknown] = /^Prompt (.*) not found$/s.exec(text) ?? []
  if (unknown !== undefined) return `There is no prompt ${quoted(unknown)}. prompts/list names those that there are.`
  const [, name, issues] = /^Invalid arguments for prompt (\S+): (.*)$/s.exec(text) ?? []
  if (issues === undefined) return null
  const plain = issues.replaceAll(/: Invalid input: expected string, received undefined/g, ' is missing')
  return `Invalid arguments for prompt ${name}: ${plain.replaceAll(': must ', ' must ')}.`
}

function problemOf({ path, expected, message }: Record<string, unknown>): string {
  const name = (Array.isArray(path) ? path : []).join('.') || 'the message'
  if (typeof expected !== 'string') return `${name}: ${String(message)}`
  return `${name} must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`
}
