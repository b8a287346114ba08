/** Finds the small previews in a file of the HEIF family (ISO/IEC 23008-12). */
import { readBox } from '../checks/boxes.ts'

/** What stands before the boxes in a box: version and flags. */
const VERSION_BYTES = 4

/**
 * The file with its previews as pictures in their own right: the references that make them previews of another picture
 * get a type that no decoder knows. `null` if there are none.
 */
export function withPreviewsAsPictures(bytes: Uint8Array): Buffer | null {
  const file = Buffer.from(bytes)
  let found = false
  for (const meta of boxesIn(file, 'meta')) {
    for (const references of boxesIn(meta.subarray(VERSION_BYTES), 'iref')) {
      for (const preview of boxesIn(references.subarray(VERSION_BYTES), 'thmb', 'head')) {
        preview.write('free', 4, 'latin1')
        found = true
      }
    }
  }
  return found ? file : null
}

/** @param from whether each begins with its content or its head. */
function boxesIn(parent: Buffer, wanted: string, from: 'content' | 'head' = 'content'): Buffer[] {
  const boxes: Buffer[] = []
  for (let at = 0; at + 8 <= parent.length; ) {
    const { size, header, type } = readBox(parent, at)
    if (type === wanted) boxes.push(parent.subarray(from === 'head' ? at : at + header, at + size))
    at += size
  }
  return boxes
}
