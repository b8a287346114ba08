/** Picture files that were sent together with a sheet. Their names are only names: no path is made of them. */
import type { SheetPicture } from '../../sheets/read/table.ts'

/** By {@link sentName}. */
export type SentPictures = ReadonlyMap<string, SheetPicture>

/** What a row and a form have to agree on: folders count, but not which slash is written, nor upper case. */
export function sentName(written: string): string {
  return written
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/+)+/, '')
    .normalize('NFC')
    .toLowerCase()
}
