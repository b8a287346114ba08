/** What is JSON and no JSON-RPC message, and how it is refused. */
import { ProtocolErrorCode } from '@modelcontextprotocol/server'
import { isRecord } from '../../tools/json-values.ts'

const NOT_A_MESSAGE =
  'This is not a JSON-RPC 2.0 message. A request has "jsonrpc": "2.0", an "id" that is a text or a whole number, a "method", and "params" that are an object.'

/** As far as it can be told at once; the SDK looks closer. */
export function isMessage(value: unknown): boolean {
  if (!isRecord(value) || value.jsonrpc !== '2.0') return false
  const { id, method, params } = value
  if (id !== undefined && !(isId(id) && (typeof id === 'string' || Number.isInteger(id)))) return false
  if (params !== undefined && !isRecord(params)) return false
  return typeof method === 'string' || 'result' in value || 'error' in value
}

export function notAMessage(value: unknown): object {
  return refusal(idIn(value), ProtocolErrorCode.InvalidRequest, NOT_A_MESSAGE)
}

/** The SDK's type of an error knows no `null` as the ID, which JSON-RPC asks for where the request's cannot be read. */
export function refusal(id: string | number | null, code: number, message: string): object {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

/** `null` where it cannot be told, as JSON-RPC asks. */
export function idIn(message: unknown): string | number | null {
  return isRecord(message) && isId(message.id) ? message.id : null
}

/** A number that JSON could not keep exactly would be answered under another ID. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER)
}
