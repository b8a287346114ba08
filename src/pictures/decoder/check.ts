/** Refuses files by their bytes, before a decoder sees them. */
import { tooLarge } from '../failures.ts'
import { checkBoxes } from './checks/boxes.ts'
import { checkGif, checkWebp } from './checks/frames.ts'
import { checkJpeg } from './checks/jpeg.ts'
import { checkPng } from './checks/png.ts'
import { assertPicture } from './kind.ts'

const MAX_BYTES = 10_000_000

/** By the first byte, which tells the kinds that `assertPicture` lets through apart; the rest have boxes. */
const CHECKS: Readonly<Record<number, (file: Buffer) => void>> = {
  255: checkJpeg,
  137: checkPng,
  71: checkGif,
  82: checkWebp,
}

/** @throws AppError `picture_unreadable`. */
export function checkPicture(bytes: Uint8Array): void {
  if (bytes.length > MAX_BYTES) throw tooLarge(MAX_BYTES)
  assertPicture(bytes)
  const check = CHECKS[bytes[0] ?? 0] ?? checkBoxes
  check(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
