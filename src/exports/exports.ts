/** Where one owner's exports go: to a folder of this computer, or to an address that anybody who has it can open. */
import { randomBytes } from 'node:crypto'
import { type AppError, invalidInput } from '../errors.ts'
import type { SavedExport } from '../offers/results/export-result.ts'
import { formatBytes } from '../pictures/failures.ts'
import { type ExportFolder, type ExportFormat, exportFileOf } from './export-folder.ts'
import { EXPORT_PATH } from './export-page.ts'
import type { ExportFile, ExportStore } from './export-store.ts'

export interface Exports {
  /** @throws AppError `invalid_input` if the files of the owner's account have no room left for another. */
  checkRoom(place: ExportPlace): Promise<void>
  /** @throws AppError `invalid_input` if the account has no room for it. */
  save(format: ExportFormat, bytes: Uint8Array, place: ExportPlace): Promise<SavedExport>
  /** One on this computer, by its name; `null` if there is none. */
  read(name: string): Promise<ExportFile | null>
}

export interface ExportPlace {
  /** What the file's address begins with; `null` for a file on this computer. */
  origin: string | null
  /** Bytes that the account may have in files; `null` without a limit. */
  mostBytes: number | null
}

export interface ExportsDeps {
  folder: ExportFolder
  store: ExportStore
  owner: string
  /** Whether the owner is the person at this computer. */
  isLocal: boolean
  now: () => number
  /** Of the account's pictures, which share the room. */
  pictureBytes: () => Promise<number>
}

export function createExports({ folder, store, owner, isLocal, now, pictureBytes }: ExportsDeps): Exports {
  return {
    async checkRoom({ mostBytes }) {
      if (mostBytes === null) return
      const used = (await pictureBytes()) + (await store.bytesOf(owner))
      if (used >= mostBytes) throw full(mostBytes, used)
    },
    async save(format, bytes, { origin, mostBytes }) {
      const file = exportFileOf(format, bytes, now(), randomBytes(2).toString('hex'))
      const { name, mediaType } = file
      const about = { name, mediaType, bytes: bytes.length }
      if (origin === null) return { ...about, path: await folder.save(file), address: null, expiresAt: null }
      const pictures = mostBytes === null ? 0 : await pictureBytes()
      const stored = await store.put(file, owner, mostBytes === null ? null : mostBytes - pictures)
      if (stored === null) throw full(mostBytes ?? 0, pictures + (await store.bytesOf(owner)), bytes.length)
      const { token, expiresAt } = stored
      return { ...about, path: null, address: `${origin}${EXPORT_PATH}${token}/${name}`, expiresAt }
    },
    read: async name => (isLocal ? folder.read(name) : null),
  }
}

function full(most: number, used: number, wanted?: number): AppError {
  const file = wanted === undefined ? '' : `; this file has ${formatBytes(wanted)}`
  return invalidInput(
    `This account may have ${formatBytes(most)} of pictures and exports, and has ${formatBytes(used)}${file}.`,
    'Exports are deleted an hour after they were made; pictures with the imported offers that have them.',
  )
}
