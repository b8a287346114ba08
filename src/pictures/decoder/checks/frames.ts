/** Frames of animations: a decoder lists all of them before it reads the first. */
import { overloaded } from './refuse.ts'

/** A minute and a half at 24 a second. */
const MAX_FRAMES = 2_000
const MAX_WEBP_CHUNKS = 3 * MAX_FRAMES

const GIF_HEADER = 13
const [IMAGE, EXTENSION] = [0x2c, 0x21]

/** @throws AppError `picture_unreadable`. */
export function checkGif(file: Buffer): void {
  let frames = 0
  for (let at = GIF_HEADER + coloursAfter(file[10]); at < file.length && frames <= MAX_FRAMES; ) {
    const kind = file[at]
    if (kind === IMAGE) {
      frames++
      // The descriptor, its colours and the code size come before the data.
      at = afterBlocks(file, at + 10 + coloursAfter(file[at + 9]) + 1)
    } else if (kind === EXTENSION) at = afterBlocks(file, at + 2)
    else break
  }
  if (frames > MAX_FRAMES) throw overloaded(`more than ${MAX_FRAMES} frames`)
}

/** Bytes of a colour table. */
function coloursAfter(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

function afterBlocks(file: Buffer, start: number): number {
  let at = start
  while (at < file.length && file[at] !== 0) at += (file[at] ?? 0) + 1
  return at + 1
}

/** @throws AppError `picture_unreadable`. */
export function checkWebp(file: Buffer): void {
  let [chunks, frames] = [0, 0]
  for (let at = 12; at + 8 <= file.length && frames <= MAX_FRAMES && chunks <= MAX_WEBP_CHUNKS; chunks++) {
    if (file.toString('latin1', at, at + 4) === 'ANMF') frames++
    const length = file.readUInt32LE(at + 4)
    at += 8 + length + (length % 2)
  }
  if (frames > MAX_FRAMES) throw overloaded(`more than ${MAX_FRAMES} frames`)
  if (chunks > MAX_WEBP_CHUNKS) throw overloaded(`more than ${MAX_WEBP_CHUNKS} chunks`)
}
