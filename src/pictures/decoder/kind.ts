/** Recognises files by their first bytes, so that only five kinds of picture reach a decoder. */
import { READABLE_FORMATS, unreadable } from '../failures.ts'

type Signature = readonly [offset: number, bytes: string]

/** Signatures in Latin-1. */
const PICTURES: readonly (readonly Signature[])[] = [
  [[0, '\xff\xd8\xff']],
  [[0, '\x89PNG\r\n\x1a\n']],
  [
    [0, 'RIFF'],
    [8, 'WEBP'],
  ],
  [[0, 'GIF87a']],
  [[0, 'GIF89a']],
  [[4, 'ftypavif']],
  [[4, 'ftypavis']],
]

/** The first match counts. */
const OTHERS: readonly (readonly [name: string, signature: Signature])[] = [
  ['a HEIC photo', [4, 'ftyphei']],
  ['a HEIC photo', [4, 'ftyphev']],
  ['a HEIC photo', [4, 'ftypmif1']],
  ['a HEIC photo', [4, 'ftypmsf1']],
  ['a video', [4, 'ftyp']],
  ['a TIFF picture', [0, 'II*\0']],
  ['a TIFF picture', [0, 'MM\0*']],
  ['a BMP picture', [0, 'BM']],
  ['a JPEG XL picture', [0, '\xff\x0a']],
  ['a JPEG XL picture', [0, '\0\0\0\x0cJXL ']],
  ['an icon', [0, '\0\0\x01\0']],
  ['a PDF document', [0, '%PDF']],
  ['a compressed archive', [0, 'PK\x03\x04']],
  ['a compressed archive', [0, '\x1f\x8b']],
]

const WEB_PAGE = 'a web page'
const PASS_PICTURE_ITSELF = `Open the picture itself and pass its URL; it must be ${READABLE_FORMATS}.`

/** @throws AppError `picture_unreadable` that names what the file is instead. */
export function assertPicture(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  const fits = ([offset, signature]: Signature) => head.startsWith(signature, offset)
  if (PICTURES.some(signatures => signatures.every(fits))) return
  if (bytes.length === 0) throw unreadable('The picture file is empty.')
  const other = OTHERS.find(([, signature]) => fits(signature))?.[0] ?? textKind(head)
  throw unreadable(
    `The file is ${other}, which is not supported.`,
    other === WEB_PAGE ? PASS_PICTURE_ITSELF : undefined,
  )
}

function textKind(head: string): string {
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart()
  if (/<svg[\s>]/i.test(text)) return 'an SVG drawing'
  if (/^<(!doctype html|html|head|body|script)/i.test(text)) return WEB_PAGE
  return /[\0-\x08\x0e-\x1a]/.test(text) ? 'of an unknown kind' : 'text'
}
