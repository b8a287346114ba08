import { isJSONRPCErrorResponse, type JSONRPCMessage, ProtocolErrorCode } from '@modelcontextprotocol/server'

/** The SDK answers an unknown resource as the protocol of 2026 does; before, the code was one of its own. */
export function withLegacyCode(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message) || !isJSONRPCErrorResponse(message)) return message
  const { error } = message
  const isUnknownResource =
    error.code === ProtocolErrorCode.InvalidParams &&
    typeof error.data === 'object' &&
    error.data !== null &&
    'uri' in error.data
  return isUnknownResource ? { ...message, error: { ...error, code: ProtocolErrorCode.ResourceNotFound } } : message
}
