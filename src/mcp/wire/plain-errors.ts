/** Says in words what the SDK says with the issues of zod, as JSON: that a parameter is missing or of another type. */
import { type JSONRPCMessage, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { isRecord, jsonIn } from '../../tools/json-values.ts'

/** The rest of a long list helps nobody. */
const MAX_ISSUES = 3

export function withPlainError(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message)) return message
  const { error } = message
  const start = error.message.indexOf('[\n')
  const issues = start === -1 ? null : jsonIn(error.message.slice(start))
  if (!Array.isArray(issues) || !issues.every(isRecord)) return message
  const problems = issues.slice(0, MAX_ISSUES).map(problemOf).join(', ')
  return { ...message, error: { code: ProtocolErrorCode.InvalidParams, message: `Invalid parameters: ${problems}.` } }
}

function problemOf({ path, expected, message }: Record<string, unknown>): string {
  const name = (Array.isArray(path) ? path : []).join('.') || 'the message'
  if (typeof expected !== 'string') return `${name}: ${String(message)}`
  return `${name} must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`
}
