/** Where one owner's exports go: to a folder of this computer, or to an address that anybody who has it can open. */
import { randomBytes } from 'node:crypto'
import type { SavedExport } from '../offers/results/export-result.ts'
import { type ExportFolder, type ExportFormat, exportFileOf } from './export-folder.ts'
import { EXPORT_PATH } from './export-page.ts'
import type { ExportFile, ExportStore } from './export-store.ts'

export interface Exports {
  /** @param origin what an address begins with; `null` for a file on this computer. */
  save(format: ExportFormat, bytes: Uint8Array, origin: string | null): Promise<SavedExport>
  /** One on this computer, by its name; `null` if there is none. */
  read(name: string): Promise<ExportFile | null>
}

export interface ExportsDeps {
  folder: ExportFolder
  store: ExportStore
  owner: string
  /** Whether the owner is the person at this computer. */
  isLocal: boolean
  now: () => number
}

export function createExports({ folder, store, owner, isLocal, now }: ExportsDeps): Exports {
  return {
    async save(format, bytes, origin) {
      const file = exportFileOf(format, bytes, now(), randomBytes(2).toString('hex'))
      const { name, mediaType } = file
      const about = { name, mediaType, bytes: bytes.length }
      if (origin === null) return { ...about, path: await folder.save(file), address: null, expiresAt: null }
      const { token, expiresAt } = await store.put(file, owner)
      return { ...about, path: null, address: `${origin}${EXPORT_PATH}${token}/${name}`, expiresAt }
    },
    read: async name => (isLocal ? folder.read(name) : null),
  }
}
