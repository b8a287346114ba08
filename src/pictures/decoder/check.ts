/** Refuses files by their bytes, before a decoder sees them. */
import { MAX_PICTURE_BYTES, tooLarge } from '../failures.ts'
import { checkBoxes } from './checks/boxes.ts'
import { checkGif, checkWebp } from './checks/frames.ts'
import { checkJpeg } from './checks/jpeg.ts'
import { checkPng } from './checks/png.ts'
import { type PictureKind, pictureKind } from './kind.ts'

/** Nothing beside the pixels of a BMP is read, and of a TIFF only the first page. */
const CHECKS: Readonly<Partial<Record<PictureKind, (file: Buffer) => void>>> = {
  jpeg: checkJpeg,
  png: checkPng,
  gif: checkGif,
  webp: checkWebp,
  avif: checkBoxes,
  heic: checkBoxes,
}

/** @throws AppError `picture_unreadable`. */
export function checkPicture(bytes: Uint8Array): void {
  if (bytes.length > MAX_PICTURE_BYTES) throw tooLarge(MAX_PICTURE_BYTES)
  CHECKS[pictureKind(bytes)]?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
