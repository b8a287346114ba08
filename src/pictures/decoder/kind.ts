/** Recognises files by their first bytes, so that only these kinds of picture reach a decoder. */
import { READABLE_FORMATS, unreadable } from '../failures.ts'

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'heic' | 'tiff' | 'bmp'

type Signature = readonly [offset: number, bytes: string]

/** Signatures in Latin-1. */
const PICTURES: readonly (readonly [kind: PictureKind, signatures: readonly Signature[]])[] = [
  ['jpeg', [[0, '\xff\xd8\xff']]],
  ['png', [[0, '\x89PNG\r\n\x1a\n']]],
  [
    'webp',
    [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  ],
  ['gif', [[0, 'GIF87a']]],
  ['gif', [[0, 'GIF89a']]],
  ['tiff', [[0, 'II*\0']]],
  ['tiff', [[0, 'MM\0*']]],
]

/** The first match counts. */
const OTHERS: readonly (readonly [name: string, signature: Signature])[] = [
  ['a video', [4, 'ftyp']],
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
export function pictureKind(bytes: Uint8Array): PictureKind {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  const fits = ([offset, signature]: Signature) => head.startsWith(signature, offset)
  const [kind] = PICTURES.find(([, signatures]) => signatures.every(fits)) ?? [kindByBrands(head) ?? kindOfBitmap(head)]
  if (kind !== null) return kind
  if (bytes.length === 0) throw unreadable('The picture file is empty.')
  const other = OTHERS.find(([, signature]) => fits(signature))?.[0] ?? textKind(head)
  throw unreadable(
    `The file is ${other}, which is not supported.`,
    other === WEB_PAGE ? PASS_PICTURE_ITSELF : undefined,
  )
}

const HEIC_BRANDS = /^(?:hei[cxms]|hev[cxms]|mif[12]|msf1|MiHE|MiHB)$/

/**
 * Of a file in the ISO format: the major brand may only say that it is a picture, and the list of compatible brands then
 * says which (https://aomediacodec.github.io/av1-avif/#brands).
 */
function kindByBrands(head: string): 'avif' | 'heic' | null {
  if (!head.startsWith('ftyp', 4)) return null
  const boxBytes = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE()
  const list = head.slice(8, Math.min(boxBytes, head.length))
  const brands = list.match(/[\s\S]{4}/g) ?? []
  // The second entry is the version.
  const [major = '', , ...compatible] = brands
  const isAvif = (brand: string) => brand === 'avif' || brand === 'avis'
  if (isAvif(major)) return 'avif'
  if (!HEIC_BRANDS.test(major) && !compatible.some(brand => isAvif(brand) || HEIC_BRANDS.test(brand))) return null
  if (/^hei|^hev|^MiH/.test(major)) return 'heic'
  return compatible.some(isAvif) ? 'avif' : 'heic'
}

/** "BM" alone would also be the start of a text: the size of the second header must be one of those that exist. */
function kindOfBitmap(head: string): 'bmp' | null {
  if (!head.startsWith('BM') || head.length < 18) return null
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(Buffer.from(head.slice(14, 18), 'latin1').readUInt32LE())
    ? 'bmp'
    : null
}

function textKind(head: string): string {
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart()
  if (/<svg[\s>]/i.test(text)) return 'an SVG drawing'
  if (/^<(!doctype html|html|head|body|script)/i.test(text)) return WEB_PAGE
  return /[\0-\x08\x0e-\x1a]/.test(text) ? 'of an unknown kind' : 'text'
}
