/**
 * The wire of stdio. Unlike the SDK's, it reads a byte-order mark, batches and `null` for what is left out, answers a
 * line that is not a message or too long with an error, and stays open at the end of stdin until it is closed.
 */
import type { Readable, Writable } from 'node:stream'
import {
  type JSONRPCMessage,
  ProtocolErrorCode,
  parseJSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/server'
import { jsonIn } from '../../tools/json-values.ts'
import { createBatches } from './batches.ts'
import { withLegacyCode } from './legacy-errors.ts'
import { createLineReader, type LongLine } from './message-lines.ts'
import { normaliseMessage } from './normalise-message.ts'
import { idIn, isId, notAMessage, refusal } from './not-a-message.ts'
import { withPlainError } from './plain-errors.ts'

export interface StdioTransport extends Transport {
  /** Resolves once stdin has ended and its last message was handed on. */
  readonly ended: Promise<void>
}

export interface Streams {
  stdin: Readable
  stdout: Writable
}

export interface StdioOptions {
  /** Of a line; a longer one is refused. */
  maxBytes: number
  /** Names of the tools. */
  tools: readonly string[]
}

export function createStdioTransport({ stdin, stdout }: Streams, { maxBytes, tools }: StdioOptions): StdioTransport {
  const batches = createBatches()
  let isLegacy = false
  let isClosed = false
  let end = (): void => undefined
  const ended = new Promise<void>(resolve => {
    end = resolve
  })

  const write = (value: unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isClosed) reject(new Error('the connection over stdio is closed'))
      else stdout.write(`${JSON.stringify(value)}\n`, error => (error ? reject(error) : resolve()))
    })
  /** An error of the stream is reported by its own event. */
  const answer = (value: unknown): void => void write(value).catch(() => undefined)
  const answerBatch = (answers: unknown[] | null): void => {
    if (answers !== null && answers.length > 0) answer(answers)
  }

  const deliver = (message: JSONRPCMessage): void => {
    if ('method' in message && message.method === 'initialize') isLegacy = true
    const cancelled = cancelledBy(message)
    transport.onmessage?.(message)
    if (cancelled !== null) answerBatch(batches.drop(cancelled))
  }
  const onLine = (line: string, isExact: boolean): void => {
    const value = normaliseMessage(jsonIn(line))
    const refusedLine = refusalOfLine(value, isExact)
    if (refusedLine !== null) {
      answer(refusedLine)
      return
    }
    const read = [value].flat().map(readMessage)
    const refused = read.flatMap(message => ('refused' in message ? [message.refused] : []))
    const messages = read.flatMap(message => ('accepted' in message ? [message.accepted] : []))
    if (Array.isArray(value)) answerBatch(batches.open(messages.flatMap(requestId), refused))
    else refused.forEach(answer)
    messages.forEach(deliver)
  }
  const onLongLine = (line: LongLine): void =>
    answer(refusal(idOf(line), ProtocolErrorCode.InvalidRequest, tooLong(line.bytes, maxBytes)))
  const lines = createLineReader({ maxBytes, onLine, onLongLine })

  const onData = (chunk: Buffer): void => lines.read(chunk)
  const onEnd = (): void => {
    lines.end()
    end()
  }
  const onError = (error: Error): void => {
    if (!isClosed) transport.onerror?.(error)
  }
  const onOutputError = (error: Error): void => {
    onError(error)
    void transport.close()
  }

  const transport: StdioTransport = {
    ended,
    async start() {
      stdin.on('data', onData).once('end', onEnd).once('close', end).on('error', onError)
      stdout.on('error', onOutputError)
    },
    async send(message) {
      const plain = withPlainError(message, tools)
      const sent = isLegacy ? withLegacyCode(plain) : plain
      const batch = batches.take(sent)
      if (batch === null) await write(sent)
      else if (batch.length > 0) await write(batch)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      stdin.off('data', onData).pause()
      end()
      transport.onclose?.()
    },
  }
  return transport
}

const NOT_JSON = 'This line is not valid JSON. Send one JSON-RPC message a line, in UTF-8.'

const NOT_UTF8 = 'This line is not in UTF-8. Send one JSON-RPC message a line, in UTF-8.'

const NO_MESSAGE = 'This batch is empty. Send at least one JSON-RPC message in it.'

function tooLong(bytes: number, maxBytes: number): string {
  const [is, may] = [bytes, maxBytes].map(count => count.toLocaleString('en-GB'))
  return `The message has ${is} bytes, and at most ${may} are read. Give a large picture as a path or a link.`
}

/** @param value `undefined` for a line that is not JSON. */
function refusalOfLine(value: unknown, isExact: boolean): object | null {
  if (value === undefined) return refusal(null, ProtocolErrorCode.ParseError, NOT_JSON)
  if (!isExact) return refusal(idIn(value), ProtocolErrorCode.ParseError, NOT_UTF8)
  const isEmpty = Array.isArray(value) && value.length === 0
  return isEmpty ? refusal(null, ProtocolErrorCode.InvalidRequest, NO_MESSAGE) : null
}

function readMessage(value: unknown): { accepted: JSONRPCMessage } | { refused: object } {
  try {
    return { accepted: parseJSONRPCMessage(value) }
  } catch {
    return { refused: notAMessage(value) }
  }
}

function requestId(message: JSONRPCMessage): (string | number)[] {
  return 'method' in message && 'id' in message ? [message.id] : []
}

function cancelledBy(message: JSONRPCMessage): string | number | null {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return null
  const id = message.params?.requestId
  return isId(id) ? id : null
}

const ID_FIRST = /"id"\s*:\s*(-?[\d.eE+-]+|"(?:[^"\\]|\\.)*")/
const ID_LAST = /"id"\s*:\s*(-?[\d.eE+-]+|"(?:[^"\\]|\\.)*")[^{}]*\}\s*$/

/** Clients write the ID before the parameters or at the very end; anything in between may be a parameter. */
function idOf({ start, end }: LongLine): string | number | null {
  const [head = ''] = start.split('"params"')
  const found = ID_FIRST.exec(head) ?? ID_LAST.exec(end)
  const id = jsonIn(found?.[1] ?? '')
  return isId(id) ? id : null
}
