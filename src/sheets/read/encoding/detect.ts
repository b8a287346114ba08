/** Detects the encoding of a text file from its content: spreadsheet programs write many, and none names it. */
import { readBytes } from '../bytes.ts'
import { lostLetters, unreadable } from '../table.ts'
import { detectLegacyEncoding } from './legacy.ts'

const HEAD_BYTES = 65_536
/** What decoders write for bytes that make no character. */
const LOST = 0xfffd
/** A file may have some damaged bytes, and remains UTF-8 if far more are right. */
const SOUND_PER_BROKEN = 10
/** A tenth of all letters. */
const LOST_PER_SOUND = 10
/** HZ, ISO-2022-KR and ISO-2022-CN. */
const SHIFTED = /~\{(?:[!-w][!-~])+~\}|\x1b\$\)[ACEG]/

/**
 * A label of the WHATWG Encoding Standard.
 * @throws AppError `invalid_input` if no encoding makes sense of the file.
 */
export async function detectEncoding(file: string): Promise<string> {
  const head = await readHead(file)
  const marked = encodingOfMark(head)
  if (marked !== null) return marked
  if (head.includes(0)) return utf16Without(head)
  // Escapes to Japanese characters, the only bytes of which are those of ASCII.
  if (/\x1b\$[@B]/.test(head.toString('latin1'))) return 'iso-2022-jp'
  if (SHIFTED.test(head.toString('latin1'))) throw unreadable('text in HZ or another encoding of seven bits')
  const { sound, broken, lost } = await countUtf8(file)
  if (lost * LOST_PER_SOUND > sound) throw lostLetters('in a wrong encoding')
  if (broken === 0 || sound >= broken * SOUND_PER_BROKEN) return 'utf-8'
  const legacy = await detectLegacyEncoding(file)
  if (legacy === null) throw unreadable('text in an encoding that could not be recognised (say which with --encoding)')
  return legacy
}

async function readHead(file: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readBytes(file, HEAD_BYTES)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function encodingOfMark(head: Buffer): string | null {
  const mark = head.toString('latin1', 0, 4)
  if (mark === '\xff\xfe\0\0' || mark === '\0\0\xfe\xff') throw unreadable('text in UTF-32')
  if (mark.startsWith('\xff\xfe')) return 'utf-16le'
  if (mark.startsWith('\xfe\xff')) return 'utf-16be'
  return null
}

/** Separators and line ends have a zero byte in UTF-16, before or after the other one; in other text none is. */
function utf16Without(head: Uint8Array): string {
  const zeros = [0, 0]
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (Math.min(odd, even) * 10 > Math.max(odd, even)) throw unreadable('not text')
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/** Characters of several bytes that are well-formed, those of them that stand for lost ones, and bytes that belong to none. */
async function countUtf8(file: string): Promise<{ sound: number; broken: number; lost: number }> {
  let sound = 0
  let lost = 0
  let code = 0
  let broken = 0
  /** Bytes that the character still lacks. */
  let lacking = 0
  for await (const chunk of readBytes(file)) {
    for (const byte of chunk) {
      if (lacking > 0 && byte >= 0x80 && byte < 0xc0) {
        lacking -= 1
        code = (code << 6) | (byte & 0x3f)
        if (lacking === 0) sound += 1
        if (lacking === 0 && code === LOST) lost += 1
        continue
      }
      if (lacking > 0) broken += 1
      lacking = byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
      code = byte & 0x0f
      if (lacking === 0 && byte >= 0x80) broken += 1
    }
  }
  return { sound, broken: lacking > 0 ? broken + 1 : broken, lost }
}
