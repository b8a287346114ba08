/** Repairs JSON-RPC messages of clients that write `null` for what they leave out, before the SDK refuses them. */

/** @param message one message or a batch, as parsed from JSON. Returned unchanged, and uncopied, if nothing is wrong. */
export function normaliseMessage(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(normaliseMessage)
  if (!isRecord(message) || !('params' in message)) return message
  const { params, ...rest } = message
  if (params === null) return rest
  if (!isRecord(params)) return message
  const normalised = withMeta(withArguments(params))
  return normalised === params ? message : { ...rest, params: normalised }
}

function withArguments(params: Record<string, unknown>): Record<string, unknown> {
  if (!('arguments' in params)) return params
  const { arguments: sent, ...others } = params
  if (isRecord(sent)) return params
  return sent === null || sent === undefined ? others : { ...others, arguments: argumentsIn(sent) }
}

function withMeta(params: Record<string, unknown>): Record<string, unknown> {
  const { _meta: meta, ...others } = params
  if (meta === null) return others
  if (!isRecord(meta) || meta.progressToken !== null) return params
  const { progressToken: _none, ...rest } = meta
  return { ...others, _meta: rest }
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

/** `undefined` for what is not JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
