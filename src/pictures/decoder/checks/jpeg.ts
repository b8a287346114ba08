/** Scans of a JPEG: each makes the decoder pass over the whole picture. 1.9 MB of scans took it four minutes. */
import { overloaded } from './refuse.ts'

/** Programs write about ten. */
const MAX_SCANS = 100
/** Some 3 s of decoding. 40 megapixels with 12 scans are 480. */
const MAX_SCANNED_MEGAPIXELS = 1_000
const MAX_SEGMENTS = 2_000

const [MARKER, START_OF_SCAN, END] = [0xff, 0xda, 0xd9]

/** @throws AppError `picture_unreadable`. */
export function checkJpeg(file: Buffer): void {
  const { scans, segments, megapixels } = countSegments(file)
  if (scans > MAX_SCANS || scans * megapixels > MAX_SCANNED_MEGAPIXELS) throw overloaded(`${scans} scans or more`)
  if (segments > MAX_SEGMENTS) throw overloaded(`more than ${MAX_SEGMENTS} segments`)
}

function countSegments(file: Buffer): { scans: number; segments: number; megapixels: number } {
  let [scans, segments, megapixels] = [0, 0, 0]
  for (let at = 2; at + 4 <= file.length && scans <= MAX_SCANS && segments <= MAX_SEGMENTS; ) {
    // Bytes between two segments are entropy-coded data, or nonsense that decoders skip as well.
    if (!isMarkerAt(file, at)) {
      at++
      continue
    }
    const kind = file[at + 1]
    if (kind === END) break
    segments++
    if (kind === START_OF_SCAN) scans++
    if (isFrameHeader(kind) && at + 9 <= file.length) {
      megapixels = Math.max(megapixels, (file.readUInt16BE(at + 5) * file.readUInt16BE(at + 7)) / 1_000_000)
    }
    at += 2 + file.readUInt16BE(at + 2)
  }
  return { scans, segments, megapixels }
}

/** Not a stuffed byte, padding, a restart or a marker without a length. */
function isMarkerAt(file: Buffer, at: number): boolean {
  if (file[at] !== MARKER) return false
  const kind = file[at + 1] ?? 0
  return kind >= 0xc0 && kind !== MARKER && !(kind >= 0xd0 && kind <= 0xd8)
}

/** SOF0 to SOF15, of which C4, C8 and CC are other segments. */
function isFrameHeader(kind: number | undefined): boolean {
  return kind !== undefined && kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc
}
