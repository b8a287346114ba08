/** Owns the folder of the program's data: where it is unless told otherwise, and making it. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

/** What decides it. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  homeDir: string
}

/** XDG on Linux, the platform's own place elsewhere. */
export function defaultDataDir({ env, platform, homeDir }: Surroundings): string {
  if (platform === 'win32') return path.join(env.LOCALAPPDATA ?? path.join(homeDir, 'AppData', 'Local'), 'mcp-1688')
  if (platform === 'darwin') return path.join(homeDir, 'Library', 'Application Support', 'mcp-1688')
  const xdg = env.XDG_DATA_HOME
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(homeDir, '.local', 'share'), 'mcp-1688')
}

/**
 * Makes a folder where it is missing, with those above it, for its owner alone. Each level by itself: Node's own `recursive` tries for ever where a
 * folder is there but takes no new ones, as in /proc.
 * @throws what `mkdir` throws.
 */
export function makeDataDir(folder: string): void {
  if (existsSync(folder)) return
  makeDataDir(path.dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error
  }
}
