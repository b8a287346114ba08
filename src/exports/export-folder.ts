/** Exports of the person at this computer: files in a folder, the newest of which are kept. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../errors.ts'
import { storeUnavailable } from '../store/unavailable.ts'
import { checkSize, type ExportFile } from './export-store.ts'

/** The oldest are deleted. */
const MAX_FILES = 100

export type ExportFormat = 'xlsx' | 'csv' | 'html'

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  html: 'text/html',
}

/** Only such names are written, read and deleted. */
const NAME = /^1688-offers-[\w-]+\.(xlsx|csv|html)$/

export interface ExportFolder {
  /** @returns the path. @throws AppError `store_unavailable` if it cannot be written. */
  save(file: ExportFile): Promise<string>
  /** `null` if there is no such file. */
  read(name: string): Promise<ExportFile | null>
}

/** Made at the first export. */
export function createExportFolder(folder: string): ExportFolder {
  return {
    async save(file) {
      checkSize(file)
      const target = path.join(folder, file.name)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFile(target, file.bytes, { flag: 'wx', mode: 0o600 })
        await deleteOldest(folder)
      } catch (cause) {
        throw storeUnavailable(target, cause)
      }
      return target
    },
    async read(name) {
      const [, ending] = NAME.exec(name) ?? []
      if (!isFormat(ending)) return null
      try {
        return { name, mediaType: MEDIA_TYPES[ending], bytes: await readFile(path.join(folder, name)) }
      } catch (cause) {
        if (hasCode(cause, 'ENOENT')) return null
        throw storeUnavailable(name, cause)
      }
    },
  }
}

/** @param at milliseconds since 1970. @param random distinguishes exports of the same second. */
export function exportFileOf(format: ExportFormat, bytes: Uint8Array, at: number, random: string): ExportFile {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return { name: `1688-offers-${time}-${random}.${format}`, mediaType: MEDIA_TYPES[format], bytes }
}

function isFormat(ending: string | undefined): ending is ExportFormat {
  return ending !== undefined && ending in MEDIA_TYPES
}

async function deleteOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => NAME.test(name))
  if (names.length <= MAX_FILES) return
  const dated = await Promise.all(
    names.map(async name => ({ name, at: (await stat(path.join(folder, name))).mtimeMs })),
  )
  const oldest = dated.toSorted((a, b) => a.at - b.at).slice(0, names.length - MAX_FILES)
  for (const { name } of oldest) await rm(path.join(folder, name), { force: true })
}
