/** The folder of the program's data: where it is unless told otherwise, and making it. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../errors.ts'

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** Empty where the user has none. */
  homeDir: string
}

/** @throws AppError `config_invalid` where the user has no home folder. */
export function knownHome(homeDir: string): string {
  if (homeDir !== '') return homeDir
  throw new AppError({
    code: 'config_invalid',
    message: 'The home folder of this user is not known.',
    hint: 'Set HOME, or name a folder for the data with MCP1688_DATA_DIR.',
  })
}

/** A folder as a person writes it: `~/x` is below the home folder, also where no shell has replaced it. */
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
