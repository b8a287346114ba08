/** Splits what a client writes to stdin into lines. */
import { isUtf8 } from 'node:buffer'

const NEWLINE = 10

/** Kept of each end of a line that is too long. */
const KEPT_BYTES = 2_048

/** A line over the limit, of which only the ends are kept. */
export interface LongLine {
  start: string
  end: string
  bytes: number
}

export interface LineReaderOptions {
  maxBytes: number
  /** @param isExact whether the bytes are UTF-8; in the text of any others, some are replaced. */
  onLine: (line: string, isExact: boolean) => void
  onLongLine: (line: LongLine) => void
}

export interface LineReader {
  read(chunk: Buffer): void
  /** Hands on what follows the last newline. */
  end(): void
}

export function createLineReader({ maxBytes, onLine, onLongLine }: LineReaderOptions): LineReader {
  // Decoding drops a byte-order mark.
  const decoder = new TextDecoder()
  let pieces: Buffer[] = []
  let bytes = 0
  let start: string | null = null

  const add = (piece: Buffer): void => {
    pieces.push(piece)
    bytes += piece.length
    if (bytes <= maxBytes) return
    const joined = Buffer.concat(pieces)
    start ??= decoder.decode(joined.subarray(0, KEPT_BYTES))
    pieces = [Buffer.from(joined.subarray(-KEPT_BYTES))]
  }
  const handOn = (): void => {
    const [only = Buffer.alloc(0), ...others] = pieces
    const joined = others.length === 0 ? only : Buffer.concat(pieces)
    const line = decoder.decode(joined)
    const long = start === null ? null : { start, end: line, bytes }
    pieces = []
    bytes = 0
    start = null
    if (long !== null) onLongLine(long)
    else if (line.trim() !== '') onLine(line, isUtf8(joined))
  }
  return {
    read(chunk) {
      let from = 0
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, to))
        handOn()
        from = to + 1
      }
      if (from < chunk.length) add(chunk.subarray(from))
    },
    end: handOn,
  }
}
