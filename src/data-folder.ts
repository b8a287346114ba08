/** Owns making the folder of the program's data. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes a folder where it is missing, with those above it, for its owner alone. Each level by itself: Node's own `recursive` tries for ever where a
 * folder is there but takes no new ones, as in /proc.
 * @throws what `mkdir` throws.
 */
export function makeDataFolder(folder: string): void {
  if (existsSync(folder)) return
  makeDataFolder(path.dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error
  }
}
