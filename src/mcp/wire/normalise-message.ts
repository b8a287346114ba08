/**
 * Repairs JSON-RPC messages before the SDK refuses them: clients write `null` for what they leave out, add members of
 * their own, and PHP writes an empty object as `[]`.
 */
import { CLIENT_CAPABILITIES_META_KEY } from '@modelcontextprotocol/server'
import { isRecord, jsonIn } from '../../tools/json-values.ts'

/** Nothing in a message that may be `null` lies deeper. */
const DEPTH = 5

/** @param message one message or a batch, as parsed from JSON. Returned unchanged, and uncopied, if nothing is wrong. */
export function normaliseMessage(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(normaliseMessage)
  if (!isRecord(message)) return message
  const known = withoutOwnMembers(message)
  if (!('params' in known)) return known
  const { params, ...rest } = known
  if (isNothing(params)) return rest
  if (!isRecord(params)) return known
  const normalised = withCapabilities(withMeta(withArguments(called(known.method, params))))
  return normalised === params ? known : { ...rest, params: normalised }
}

/** The SDK refuses a request with any other member, for example `"error": null`. */
function withoutOwnMembers(message: Record<string, unknown>): Record<string, unknown> {
  if (!('method' in message) || Object.keys(message).every(name => MEMBERS.has(name))) return message
  return Object.fromEntries(Object.entries(message).filter(([name]) => MEMBERS.has(name)))
}

const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params'])

function withArguments(params: Record<string, unknown>): Record<string, unknown> {
  if (!('arguments' in params)) return withoutNulls(params)
  const { arguments: sent, ...others } = params
  const left = withoutNulls(others)
  if (isRecord(sent)) return left === others ? params : { ...left, arguments: sent }
  return sent === null || sent === undefined ? left : { ...left, arguments: argumentsIn(sent) }
}

/** Models write blanks around a name, and hosts send a number as it was typed into a prompt's form. */
function called(method: unknown, params: Record<string, unknown>): Record<string, unknown> {
  const { name, arguments: sent } = params
  if (method === 'tools/call' && typeof name === 'string' && name !== name.trim()) {
    return { ...params, name: name.trim() }
  }
  if (method !== 'prompts/get' || !isRecord(sent)) return params
  const texts = Object.entries(withoutNulls(sent)).map(([key, value]) => [key, isScalar(value) ? `${value}` : value])
  return { ...params, arguments: Object.fromEntries(texts) }
}

function isScalar(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

/** @returns the same object if no member is `null`. */
function withoutNulls(value: Record<string, unknown>, depth = DEPTH): Record<string, unknown> {
  return withMembers(value, member => {
    if (member === null) return LEFT_OUT
    return isRecord(member) && depth > 1 ? withoutNulls(member, depth - 1) : member
  })
}

const LEFT_OUT = Symbol('left out')

/** @returns the same object if `repair` returns each of its members as it is. */
function withMembers(value: Record<string, unknown>, repair: (member: unknown) => unknown): Record<string, unknown> {
  let changed: Record<string, unknown> | null = null
  for (const [name, member] of Object.entries(value)) {
    const repaired = repair(member)
    if (repaired === member) continue
    changed ??= { ...value }
    if (repaired === LEFT_OUT) delete changed[name]
    else changed[name] = repaired
  }
  return changed ?? value
}

/** A token that is neither a text nor a whole number asks for no progress. */
function withMeta(params: Record<string, unknown>): Record<string, unknown> {
  const { _meta: meta, ...others } = params
  if (meta === undefined) return params
  if (!isRecord(meta)) return others
  const known = withRepaired(meta, CLIENT_CAPABILITIES_META_KEY)
  const { progressToken, ...rest } = known
  if (progressToken === undefined || typeof progressToken === 'string' || Number.isInteger(progressToken)) {
    return known === meta ? params : { ...others, _meta: known }
  }
  return { ...others, _meta: rest }
}

function withCapabilities(params: Record<string, unknown>): Record<string, unknown> {
  return withRepaired(params, 'capabilities')
}

function withRepaired(holder: Record<string, unknown>, name: string): Record<string, unknown> {
  const sent = holder[name]
  if (sent === undefined) return holder
  const repaired = isNothing(sent) ? {} : isRecord(sent) ? withObjects(sent) : sent
  return repaired === sent ? holder : { ...holder, [name]: repaired }
}

/** Each capability is an object, as are its parts. Some clients write `true` for one that has none. */
function withObjects(capabilities: Record<string, unknown>): Record<string, unknown> {
  return withMembers(capabilities, sent => {
    if (sent === false) return LEFT_OUT
    if (sent === true || isNothing(sent)) return {}
    return isRecord(sent) ? withMembers(sent, part => (isNothing(part) ? {} : part)) : sent
  })
}

/** The SDK takes an object only: anything else goes to the tool in one, so that its error names what was sent. */
function argumentsIn(sent: unknown): Record<string, unknown> {
  if (sent === '') return {}
  const parsed = typeof sent === 'string' ? jsonIn(sent) : sent
  if (Array.isArray(parsed) && parsed.length === 0) return {}
  const only: unknown = Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed
  if (only === null) return {}
  return isRecord(only) ? only : { arguments: sent }
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}
