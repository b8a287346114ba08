import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** The size of all files in a folder and those below it. What goes away meanwhile counts as nothing. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = await stat(path.join(entry.parentPath, entry.name)).catch(() => null)
    bytes += file?.size ?? 0
  }
  return bytes
}
