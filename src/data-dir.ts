/** Owns where things are kept unless told otherwise. */
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
