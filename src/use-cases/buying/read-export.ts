/** Reads a file that was exported on this computer. */
import type { ExportFile } from '../../exports/export-store.ts'
import type { Exports } from '../../exports/exports.ts'

export function createReadExport({ exports }: { exports: Exports }) {
  return async function readExport({ name }: { name: string }): Promise<ExportFile | null> {
    return exports.read(name)
  }
}
