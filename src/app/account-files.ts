/** What an owner has in files: pictures that came with sheets, and exports. */
import { OPERATOR } from '../catalogue/owners.ts'
import type { ExportFolder } from '../exports/export-folder.ts'
import type { ExportStore } from '../exports/export-store.ts'
import { createExports } from '../exports/exports.ts'
import { createKeptPictures } from '../pictures/kept-pictures.ts'
import { folderBytes } from '../store/folder-bytes.ts'

export interface AccountFilesDeps {
  dataDir: string
  /** Of the person at this computer. */
  exportFolder: ExportFolder
  exportStore: ExportStore
  /** Whether the caller uses this machine. */
  isLocal: boolean
  now: () => number
}

export function createAccountFiles(owner: string, deps: AccountFilesDeps) {
  const { dataDir, exportFolder: folder, exportStore: store, now } = deps
  const isOperator = owner === OPERATOR
  const keptPictures = createKeptPictures(dataDir, isOperator ? null : owner)
  const pictureBytes = () => folderBytes(keptPictures.folder)
  const isLocal = deps.isLocal && isOperator
  return {
    keptPictures,
    exports: createExports({ folder, store, owner, isLocal, now, pictureBytes }),
    /** `null` for the operator, whose room nobody limits. */
    storedBytes: async () => (isOperator ? null : (await pictureBytes()) + (await store.bytesOf(owner))),
  }
}
