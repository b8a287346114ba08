/** What stands beside the pixels in a PNG. Text of 2.8 MB made the decoder take 6 GB. */
import { overloaded } from './refuse.ts'

/** Large profiles and edit histories are some hundred kilobytes. */
const MAX_EXTRA_BYTES = 1_000_000
const MAX_EXTRA_CHUNKS = 1_000
/** Compressed text may grow a thousandfold. */
const MAX_COMPRESSED_TEXT_BYTES = 64_000

const FIRST_CHUNK = 8
/** Length, type and checksum. */
const CHUNK_FRAME = 12
/** Later frames of an animation, which the decoder skips. */
const FRAMES = new Set(['fcTL', 'fdAT'])
const COMPRESSED_TEXTS = new Set(['zTXt', 'iTXt'])

/** @throws AppError `picture_unreadable`. */
export function checkPng(file: Buffer): void {
  let [chunks, bytes, compressed] = [0, 0, 0]
  for (let at = FIRST_CHUNK; at + CHUNK_FRAME <= file.length && chunks <= MAX_EXTRA_CHUNKS; ) {
    const length = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const isAncillary = ((file[at + 4] ?? 0) & 0x20) !== 0
    if (isAncillary && !FRAMES.has(type)) {
      chunks++
      bytes += length
      if (COMPRESSED_TEXTS.has(type))
        compressed += isCompressed(type, file.subarray(at + 8, at + 8 + length)) ? length : 0
    }
    at += length + CHUNK_FRAME
  }
  if (chunks > MAX_EXTRA_CHUNKS) throw overloaded(`more than ${MAX_EXTRA_CHUNKS} chunks beside its pixels`)
  if (bytes > MAX_EXTRA_BYTES) throw overloaded(`${bytes} bytes of data beside its pixels`)
  if (compressed > MAX_COMPRESSED_TEXT_BYTES) throw overloaded(`${compressed} bytes of compressed text`)
}

/** An iTXt chunk says so after its keyword. */
function isCompressed(type: string, data: Buffer): boolean {
  return type === 'zTXt' || data[data.indexOf(0) + 1] === 1
}
