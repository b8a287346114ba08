/** Reads the JSON-RPC message of a request within limits that keep one caller's input from delaying the others. */
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { normaliseMessage } from '../../mcp/wire/normalise-message.ts'
import type { ToolListing } from '../../tools/define.ts'
import { recordIn } from '../../tools/json-values.ts'
import { HttpError } from '../access/http-error.ts'
import { announcedCall } from '../json/announced-call.ts'
import { parseJson } from '../json/parse-json.ts'
import { MCP_BODY_BYTES, PICTURE_BODY_BYTES, readBody, refuseLongBody, tooLong } from '../server/body.ts'
import type { Exchange } from '../server/exchange.ts'

/** A batch (protocol of 2025-03-26) counts as one request of its caller, whatever its length. */
const MAX_BATCH = 10

/** The SDK repeats an unknown URI in its answer, and fails at a very long one as if the error were its own. */
const MAX_URI_CHARS = 8_000

export const RPC_HINT = 'Send one JSON-RPC message with Content-Type: application/json.'

/** @throws HttpError 400, 408, 413 or 429. */
export async function readMessage(exchange: Exchange, tools: readonly ToolListing[]): Promise<unknown> {
  const picturesOf = (name: string): number => tools.find(tool => tool.name === name)?.pictures ?? 0
  const { request, work } = exchange
  const named = request.headers['mcp-name']
  let largeFor: string | null = null
  const mayBeLarge = typeof named !== 'string' || picturesOf(named) > 0
  refuseLongBody(request, mayBeLarge ? PICTURE_BODY_BYTES : MCP_BODY_BYTES)
  const body = await readBody(request, async start => {
    const { method, name } = announcedCall(start)
    if (method === 'resources/read') throw uriTooLong()
    const tool = typeof named === 'string' ? named : method === 'tools/call' ? name : null
    if (tool === null || picturesOf(tool) === 0) throw tooLong(MCP_BODY_BYTES)
    await work.reserveBytes(Number(request.headers['content-length'] ?? PICTURE_BODY_BYTES))
    largeFor = tool
    return PICTURE_BODY_BYTES
  })
  const startedAt = performance.now()
  try {
    const longStrings = largeFor === null ? Number.POSITIVE_INFINITY : picturesOf(largeFor)
    const message = normaliseMessage(parseJson(body, longStrings, RPC_HINT))
    if (largeFor !== null && calledTool(message) !== largeFor) throw tooLong(MCP_BODY_BYTES)
    if ([message].flat().some(hasLongUri)) throw uriTooLong()
    if (Array.isArray(message)) checkBatch(message)
    return message
  } finally {
    work.spend(performance.now() - startedAt, body.length)
  }
}

/** The tool that a message calls; `null` if it is not a tool call. */
export function calledTool(message: unknown): string | null {
  const { method, params } = recordIn(message)
  const { name } = recordIn(params)
  return method === 'tools/call' && typeof name === 'string' ? name : null
}

/** Whether a request names its protocol version itself, as all do since 2026-07-28. */
export function namesVersion(message: unknown): boolean {
  return PROTOCOL_VERSION_META_KEY in recordIn(recordIn(recordIn(message).params)._meta)
}

/** For a client that takes no stream, and so nothing but the answer. */
export function withoutProgress(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(withoutProgress)
  const { params, ...rest } = recordIn(message)
  const { _meta: meta, ...others } = recordIn(params)
  const { progressToken, ...metaLeft } = recordIn(meta)
  return progressToken === undefined ? message : { ...rest, params: { ...others, _meta: metaLeft } }
}

function hasLongUri(message: unknown): boolean {
  const { uri } = recordIn(recordIn(message).params)
  return typeof uri === 'string' && uri.length > MAX_URI_CHARS
}

function uriTooLong(): HttpError {
  return new HttpError({
    status: 400,
    code: 'uri_too_long',
    message: `The URI of the resource is longer than ${MAX_URI_CHARS} characters.`,
    hint: 'Read mcp-1688://offers/<offer ID>, mcp-1688://usage or mcp-1688://catalogue.',
  })
}

function checkBatch(messages: readonly unknown[]): void {
  if (messages.length > MAX_BATCH) throw batchTooLong()
  const ids = messages.flatMap(message => recordIn(message).id ?? [])
  // The SDK would answer only one of them.
  if (new Set(ids).size < ids.length) throw sameIds()
}

function sameIds(): HttpError {
  return new HttpError({
    status: 400,
    code: 'same_id',
    message: 'Two messages of the batch have the same ID.',
    hint: 'Give each request an ID of its own.',
  })
}

function batchTooLong(): HttpError {
  return new HttpError({
    status: 400,
    code: 'batch_too_long',
    message: `The batch has more than ${MAX_BATCH} messages.`,
    hint: 'Send them in several requests.',
  })
}
