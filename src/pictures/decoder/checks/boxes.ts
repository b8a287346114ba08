/** Boxes of AVIF and its relatives (ISO base media files): parts, tiles, tracks and their samples. */
import { overloaded } from './refuse.ts'

/** A picture of 40 megapixels in tiles of 512 has 153 tiles, each with a box or two. */
const MAX_BOXES = 2_000
/** As for animations of other formats. */
const MAX_SAMPLES = 2_000
const MAX_DEPTH = 10

/** Boxes that hold others, by the bytes before the first. */
const CONTAINERS: Readonly<Record<string, number>> = {
  meta: 4,
  iprp: 0,
  ipco: 0,
  iinf: 6,
  iref: 4,
  grpl: 0,
  moov: 0,
  trak: 0,
  mdia: 0,
  minf: 0,
  dinf: 0,
  stbl: 0,
}

interface Counts {
  boxes: number
  samples: number
}

/** @throws AppError `picture_unreadable`. */
export function checkBoxes(file: Buffer): void {
  const counts = { boxes: 0, samples: 0 }
  count(file, counts, 0)
  if (counts.boxes > MAX_BOXES) throw overloaded(`more than ${MAX_BOXES} boxes`)
  if (counts.samples > MAX_SAMPLES) throw overloaded(`${counts.samples} frames`)
}

function count(file: Buffer, counts: Counts, depth: number): void {
  for (let at = 0; at + 8 <= file.length && counts.boxes <= MAX_BOXES; ) {
    counts.boxes++
    const { size, header, type } = readBox(file, at)
    const box = file.subarray(at + header, at + size)
    const inner = CONTAINERS[type]
    if (inner !== undefined && depth < MAX_DEPTH) count(box.subarray(inner), counts, depth + 1)
    // The sizes of all samples: version, one size for all, and how many there are.
    if (type === 'stsz' && box.length >= 12) counts.samples += box.readUInt32BE(8)
    at += size
  }
}

/** A size of 0 means the rest, 1 a size of 64 bits after the type; one that is too small ends the walk. */
export function readBox(file: Buffer, at: number): { size: number; header: number; type: string } {
  const type = file.toString('latin1', at + 4, at + 8)
  const size = file.readUInt32BE(at)
  if (size === 1 && at + 16 <= file.length) {
    return { size: Math.max(16, Number(file.readBigUInt64BE(at + 8))), header: 16, type }
  }
  return { size: size < 8 ? file.length - at : size, header: 8, type }
}
