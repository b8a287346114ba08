/** Recognises what a reference to a picture is, in all the forms that people and models write. */
import { fileURLToPath } from 'node:url'
import { AppError, invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { isPhotoReference } from '../upload/picked-photos.ts'
import { offerIn } from './offer-reference.ts'
import { unwrap } from './unwrap.ts'

export type Reference =
  | { kind: 'address'; url: URL }
  | { kind: 'data'; text: string }
  | { kind: 'sample'; name: string }
  | { kind: 'clipboard' }
  /** Of a photo that a person sent from a browser. */
  | { kind: 'photo'; name: string }
  /** Stands for the picture of this offer. */
  | { kind: 'offer'; offerId: string }
  | FileReference

export interface FileReference {
  kind: 'file'
  path: string
  /** Whether the path is one under which a chat shows its attachments to the model. */
  isOfChat: boolean
}

export const REFERENCE_HINT =
  'Pass an http(s):// URL, a base64 data: URL, sample:<name>.webp or, over stdio and on the command line, a path.'

/** @throws AppError `invalid_input` for anything that does not refer to a picture. */
export function parseReference(raw: string): Reference {
  const text = unwrap(raw)
  if (text === '') throw invalid('The picture reference is empty.')
  if (/^data:/i.test(text)) return { kind: 'data', text }
  if (/^image\/[\w.+-]+\s*;\s*base64,/i.test(text)) return { kind: 'data', text: `data:${text}` }
  if (BARE_BASE64.test(text)) throw invalid('This is base64 without the start of a data: URL.', BASE64_HINT)
  if (isPhotoReference(text)) return { kind: 'photo', name: text }
  if (/^clipboard:?$/i.test(text)) return { kind: 'clipboard' }
  if (/^sample:/i.test(text)) return { kind: 'sample', name: text }
  if (/^file:/i.test(text)) return fileAt(pathOfFileUrl(text))
  if (/^sandbox:[\\/]/i.test(text)) return { kind: 'file', path: text.slice('sandbox:'.length), isOfChat: true }
  const offerId = offerIn(text)
  if (offerId !== null) return { kind: 'offer', offerId }
  const address = addressIn(text)
  if (address !== null) return { kind: 'address', url: parseAddress(address) }
  if (isPath(text)) return fileAt(text)
  if (isAttachment(text)) throw invalid(attachmentMessage(text), ATTACHMENT_HINT)
  const sole = soleAddressIn(text)
  if (sole !== null) return { kind: 'address', url: parseAddress(sole) }
  throw invalid(`${quoted(text)} does not refer to a picture.`)
}

/** How JPEG, PNG, WebP and GIF start in base64; with its slash, JPEG would pass for a path. */
const BARE_BASE64 = /^(?:\/9j\/|iVBORw0K|UklGR|R0lGOD)[^.:]{100}/
const BASE64_HINT = 'Put data:image/jpeg;base64, (or png, webp, gif) in front of it.'

/** The top-level domains that pictures and shops are met on: others may as well be a folder with a dot in its name. */
const DOMAINS =
  'com|net|org|cn|hk|tw|io|co|cc|me|shop|store|xyz|vip|eu|uk|de|fr|es|it|nl|pl|ru|jp|kr|in|id|vn|th|my|sg|br|mx|ca|au'
const HOST_AND_PATH = new RegExp(String.raw`^(?:www\.[a-z0-9-]+\.[a-z.]+|(?:[a-z0-9-]+\.)+(?:${DOMAINS}))[/?]\S`, 'i')

/** @returns what to parse as an http(s) address, or `null` if `text` is not one. */
function addressIn(text: string): string | null {
  if (/^https?%3a/i.test(text)) return addressIn(percentDecoded(text))
  if (/^https?[：;]?\/\//i.test(text)) return addressIn(text.replace(/[：;]?\/\//, '://'))
  if (/^https?:/i.test(text)) return isSentence(text) ? soleAddressIn(text) : tidyAddress(text)
  if (/^\/\/[^/\\]+\.[^/\\]+\//.test(text)) return tidyAddress(`https:${text}`)
  return HOST_AND_PATH.test(text) ? tidyAddress(`https://${text}`) : null
}

/** Whether words or addresses follow the address: they are not part of it, unlike the blanks in `…/my photo.jpg`. */
function isSentence(text: string): boolean {
  if (/[,;|]https?:\/\//i.test(text)) return true
  const [address = '', ...words] = text.split(/\s/)
  return words.length > 0 && (PICTURE_FILE.test(address) || words.some(word => /^https?:/i.test(word)))
}

/** Undoes escapes of HTML, JSON and Markdown, and removes what ends a sentence or a wrapping, not an address. */
function tidyAddress(address: string): string {
  const plain = address.replaceAll(/&(?:amp|#38|#x26);/gi, '&').replaceAll(/\\(?=[^A-Za-z0-9\s\\])/g, '')
  return plain.replace(/[\s"'`>,;|。，；、！）」』”’】》]+$/, '').replace(/(\.[a-z]{3,4})[.!)\]}]+$/i, '$1')
}

/**
 * The only address in a sentence.
 * @throws AppError `invalid_input` if there are several.
 */
function soleAddressIn(text: string): string | null {
  const found = new Set(
    text
      .slice(0, 4_000)
      .replaceAll(/[,;|](?=https?:\/\/)/gi, ' ')
      .match(ADDRESS_IN_TEXT),
  )
  const [address, ...others] = found
  if (others.length > 0) throw invalid(`The text holds ${found.size} addresses.`, 'Pass one picture at a time.')
  return address === undefined ? null : tidyAddress(address.replace(/[.!?)\]}]+$/, ''))
}

const ADDRESS_IN_TEXT = /(?<![\w+.:/-])https?:\/\/[^\s"'`<>，。；、）」』]+/gi

function parseAddress(address: string): URL {
  if (!URL.canParse(address)) throw invalid(`${quoted(address)} is not a valid URL.`)
  return new URL(address)
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function pathOfFileUrl(text: string): string {
  const afterScheme = text.slice('file:'.length)
  // file:photo.jpg and file://~/photo.jpg are not URLs of files, but they can only mean one thing.
  if (!afterScheme.startsWith('/')) return afterScheme
  if (afterScheme.startsWith('//~')) return afterScheme.slice(2)
  try {
    // A file name may contain # and ?, which people do not escape.
    return fileURLToPath(
      text
        .replaceAll('#', '%23')
        .replaceAll('?', '%3F')
        .replaceAll(/%(?![\da-f]{2})/gi, '%25'),
    )
  } catch {
    throw invalid(`${quoted(text)} does not name a file on this computer.`)
  }
}

const PICTURE_FILE =
  /\.(?:jpe?g|jpe|jfif|pjpeg|pjp|png|apng|webp|gif|avif|heic|heif|hif|bmp|dib|tiff?|mpo|jxl|jp2|svgz?|ico|dng|raw|psd)$/i

/** One letter before a colon is a drive; several are a scheme. */
function isPath(text: string): boolean {
  if (/^[a-z][a-z\d+.-]+:/i.test(text) || /[a-z]{2,}:\/\//i.test(text) || isAttachment(text)) return false
  return /[\\/]/.test(text) || text.startsWith('~') || PICTURE_FILE.test(text)
}

/** Schemes and IDs that only the chat or the device understands: ChatGPT, Claude, browsers, Android, iOS, e-mail. */
const CHAT_REFERENCE =
  /^turn\d+image\d+$|^(?:sandbox|attachments?|uploads?|chat_upload|file-service|sediment|blob|cid|content|ph|assets-library|image|media):|^file[-_][a-z\d]{8,}$/i

/** What models write for a picture that they see: `image`, `[Image #1]`, `attached photo`, `image_0.png` without a file. */
const PLACEHOLDER =
  /^\W*(?:(?:the|my|your|this|that|an?|user'?s?|attached|uploaded|pasted|provided|input|source|first|last|above)[\s_-]+)*(?:images?|pictures?|photos?|img|attachments?|screenshots?|uploads?)(?:[\s_#:-]*\d{1,3})?(?:[\s_-]+(?:above|attached|uploaded|provided|here|url|file))*\W*$/i

/** The same in other languages. */
const OTHER_PLACEHOLDER =
  /^[^\p{L}\p{N}/\\]*(?:(?:这张|那张|上面的?|上传的?|附件中?的?|用户的?|我的?|添付|上の|이|첨부|das|mein|la|mi|ma|моё?|это|приложенное|прикрепленное|прикреплённое)\s*)*(?:图片?|上图|原图|图像|照片|相片|截图|附件|圖片|照片|画像|写真|添付ファイル|이미지|사진|bild|foto|anhang|imagen|adjunto|imagem|anexo|pièce jointe|фото|картинка|изображение|вложение)(?:\s*(?:\d{1,3}|adjunta|jointe|anexada|oben))?[^\p{L}\p{N}/\\]*$/iu

/** Folders in which ChatGPT and Claude show a model the files of the chat. */
const CHAT_FOLDER = /^\/mnt\/(?:data|user-data|uploads|file_upload)(?:\/|$)|^\/(?:home\/(?:claude|oai))\//

function isAttachment(text: string): boolean {
  return CHAT_REFERENCE.test(text) || PLACEHOLDER.test(text) || OTHER_PLACEHOLDER.test(text)
}

function fileAt(path: string): Reference {
  return { kind: 'file', path, isOfChat: CHAT_FOLDER.test(path) }
}

const ATTACHMENT_HINT =
  `Ask for a link to the picture or for its file, or call pick_photo, if there is that tool, for a page to send it to. ${REFERENCE_HINT} ` +
  'If you can run code on the attachment, a JPEG of 112 pixels (some 4 kB) as a data: URL is enough.'

function attachmentMessage(text: string): string {
  return `${quoted(text)} is an attachment of the chat, and attachments stay in the chat: they do not reach this server.`
}

export function attachmentError(text: string): AppError {
  return new AppError({ code: 'picture_unreachable', message: attachmentMessage(text), hint: ATTACHMENT_HINT })
}

export function invalid(message: string, hint = REFERENCE_HINT): AppError {
  return invalidInput(message, hint)
}
