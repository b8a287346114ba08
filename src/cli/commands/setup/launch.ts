import path from 'node:path'
import { IS_PUBLISHED } from '../../../version.ts'
import type { Machine } from '../../terminal/machine.ts'

/** How a host starts a server over stdio. */
export interface ServerEntry {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** In hosts' files. It begins with a letter: Gemini refuses requests with a function whose name begins with a digit. */
export const SERVER_NAME = 'mcp-1688'

/** The name that earlier versions of setup wrote. */
export const FORMER_NAME = '1688'

export const REGISTRY_LAUNCH = { command: 'npx', args: ['-y', 'mcp-1688'] } as const

/** Starts the program that is running now. */
export function launchOf(
  { execPath, packageDir }: Pick<Machine, 'execPath' | 'packageDir'>,
  isPublished = IS_PUBLISHED,
): Omit<ServerEntry, 'env'> {
  if (isPublished && isTemporary(packageDir)) return REGISTRY_LAUNCH
  return { command: execPath, args: [path.join(packageDir, 'dist', 'mcp-1688.js')] }
}

/** Whether the program is in npx's cache, which is deleted one day: a path into it would stop working. */
export function isTemporary(packageDir: string): boolean {
  return packageDir.split(path.sep).includes('_npx')
}

/** Whether an entry of a host's file starts this program, wherever it is installed. */
export function startsThisProgram(entry: { command?: unknown; args?: unknown }): boolean {
  return [entry.command, entry.args].flat().some(word => /(^|[\\/])mcp-1688(@[^\\/]*|\.js|\.cmd)?$/.test(String(word)))
}
