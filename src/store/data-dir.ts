/** The folders for data and for settings: their default places, and creating them. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../errors.ts'

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** Empty if the user has none. */
  homeDir: string
}

/** @throws AppError `config_invalid` if the user has no home folder. */
export function knownHome(homeDir: string): string {
  if (homeDir !== '') return homeDir
  throw new AppError({
    code: 'config_invalid',
    message: 'This user has no home folder.',
    hint: 'Set HOME, or set MCP1688_DATA_DIR to a folder for the data.',
  })
}

/** Expands `~/x`, which reaches us unexpanded when no shell was involved. */
export function expandHome(folder: string, homeDir: string): string {
  return /^~(?=$|[/\\])/.test(folder) ? path.join(knownHome(homeDir), folder.slice(1)) : folder
}

/** XDG on Linux, the platform's own place elsewhere. */
export function defaultDataDir({ env, platform, homeDir }: Surroundings): string {
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA ?? path.join(knownHome(homeDir), 'AppData', 'Local'), 'mcp-1688')
  if (platform === 'darwin') return path.join(knownHome(homeDir), 'Library', 'Application Support', 'mcp-1688')
  const xdg = env.XDG_DATA_HOME
  const isGiven = xdg !== undefined && path.isAbsolute(xdg)
  return path.join(isGiven ? xdg : path.join(knownHome(homeDir), '.local', 'share'), 'mcp-1688')
}

/** The folder for files that a person edits; `null` if the user has no home folder. */
export function defaultConfigDir({ env, platform, homeDir }: Surroundings): string | null {
  const given = platform === 'win32' ? env.APPDATA : platform === 'darwin' ? undefined : env.XDG_CONFIG_HOME
  if (given !== undefined && path.isAbsolute(given)) return path.join(given, 'mcp-1688')
  if (homeDir === '') return null
  const folders = {
    win32: ['AppData', 'Roaming'],
    darwin: ['Library', 'Application Support'],
  }
  const own = platform === 'win32' || platform === 'darwin' ? folders[platform] : ['.config']
  return path.join(homeDir, ...own, 'mcp-1688')
}

/**
 * Creates a folder and its missing parents, accessible to the owner only. Level by level, since Node's `recursive`
 * never returns for a parent that accepts no new folders, such as /proc.
 * @throws what `mkdir` throws.
 */
export function makeDataDir(folder: string): void {
  if (existsSync(folder)) return
  makeDataDir(path.dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(folder)) throw error
  }
}
