import { isJSONRPCErrorResponse, type JSONRPCMessage, ProtocolErrorCode } from '@modelcontextprotocol/server'

/** The SDK answers an unknown resource with the code of the 2026 protocol; earlier protocols have a separate one. */
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
