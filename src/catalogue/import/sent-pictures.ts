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

/** Like a folder that rows name files of. */
export interface SentFolder {
  /** `undefined` if no file was sent under this name. */
  find(written: string): SheetPicture | undefined
  /** The names of those that were not looked for so far. */
  unused(): string[]
}

export function createSentFolder(sent: SentPictures): SentFolder {
  const used = new Set<string>()
  return {
    find(written) {
      const name = sentName(written)
      used.add(name)
      return sent.get(name)
    },
    unused: () => [...sent.keys()].filter(name => !used.has(name)),
  }
}
