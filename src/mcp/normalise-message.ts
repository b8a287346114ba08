/** Repairs JSON-RPC messages of clients that write `null` for what they leave out, before the SDK refuses them. */
import { Transform, type TransformCallback } from 'node:stream'

/** @param message one message or a batch, as parsed from JSON. Returned unchanged, and uncopied, if nothing is wrong. */
export function normaliseMessage(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(normaliseMessage)
  if (!isRecord(message) || !('params' in message)) return message
  const { params, ...rest } = message
  if (params === null) return rest
  if (!isRecord(params) || !('arguments' in params)) return message
  const { arguments: sent, ...others } = params
  if (isRecord(sent)) return message
  if (sent === null || sent === undefined) return { ...rest, params: others }
  return { ...rest, params: { ...others, arguments: argumentsIn(sent) } }
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

/** What {@link normaliseMessage} changes, as it looks on the wire. */
const SUSPICIOUS = /"params"\s*:\s*null|"arguments"\s*:\s*[^\s{]/

const NEWLINE = 10

/**
 * Repairs the lines of stdin on their way to the SDK. A line is held back until it is complete.
 * @param maxBytes a longer line is passed on in pieces, unread: the SDK decides what becomes of it.
 */
export function mendLines(maxBytes: number): Transform {
  let pieces: Buffer[] = []
  let bytes = 0
  let isTooLong = false
  const add = (piece: Buffer): void => {
    pieces.push(piece)
    bytes += piece.length
    isTooLong ||= bytes > maxBytes
  }
  const take = (): Buffer => {
    const line = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
    pieces = []
    return isTooLong ? line : mendLine(line)
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let start = 0
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        add(chunk.subarray(start, end + 1))
        this.push(take())
        bytes = 0
        isTooLong = false
        start = end + 1
      }
      if (start < chunk.length) add(chunk.subarray(start))
      if (isTooLong && pieces.length > 0) this.push(take())
      done()
    },
    flush(done) {
      if (pieces.length > 0) this.push(take())
      done()
    },
  })
}

function mendLine(line: Buffer): Buffer {
  const text = line.toString()
  if (!SUSPICIOUS.test(text)) return line
  const message = jsonIn(text)
  const repaired = normaliseMessage(message)
  return message === undefined || repaired === message ? line : Buffer.from(`${JSON.stringify(repaired)}\n`)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
