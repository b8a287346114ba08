/** Owns changing a host's configuration file: everything else in it stays, and the file as it was is kept beside it. */
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../errors.ts'
import { replaceFile } from '../../out-file.ts'
import type { Host, ServerEntry } from './hosts.ts'

const objectSchema = z.record(z.string(), z.unknown())
const environmentSchema = z.object({ env: z.record(z.string(), z.string()) })

/** A change that has not been made yet. */
export interface HostChange {
  file: string
  /** The file's new contents. */
  text: string
  /** What starts the server from then on. */
  entry: ServerEntry
  /** Variables of its environment that stood there before and were not given now. */
  kept: readonly string[]
  /** `added`: the host did not know the server; `replaced`: under this name stood something else; `none`: it stands there already. */
  kind: 'added' | 'replaced' | 'none'
  /** Whether there is a file to be kept. */
  exists: boolean
}

/**
 * Works out what to write into a host's file. What the server's environment had and is not given now stays: a key, for example.
 * @throws AppError `config_invalid` where the file is there but is no plain JSON: it may hold comments, which a rewrite would lose.
 */
export async function planChange(host: Host, file: string, name: string, entry: ServerEntry): Promise<HostChange> {
  const text = await readFile(file, 'utf8').catch(cause => {
    if (z.object({ code: z.literal('ENOENT') }).safeParse(cause).success) return null
    throw unreadable(file, 'cannot be read', cause)
  })
  const root = text === null || text.trim() === '' ? {} : parseObject(file, text)
  const servers = root[host.serversKey] === undefined ? {} : objectSchema.safeParse(root[host.serversKey]).data
  if (servers === undefined) throw unreadable(file, `has ${host.serversKey} that is no object`)
  const before = environmentSchema.safeParse(servers[name]).data?.env ?? {}
  const kept = Object.keys(before).filter(variable => !Object.hasOwn(entry.env, variable))
  const merged = { ...entry, env: { ...before, ...entry.env } }
  const wanted = { ...host.extra, ...merged }
  const same = JSON.stringify(servers[name]) === JSON.stringify(wanted)
  const kind = same ? 'none' : Object.hasOwn(servers, name) ? 'replaced' : 'added'
  const next = { ...root, [host.serversKey]: { ...servers, [name]: wanted } }
  const contents = `${JSON.stringify(next, null, 2)}\n`
  return { file, text: contents, entry: merged, kept, kind, exists: text !== null }
}

/**
 * Makes the change in one step: a host that reads meanwhile sees the old file or the new one.
 * @returns where the file as it was is kept; `null` where there was none.
 * @throws AppError `config_invalid` where it cannot be written.
 */
export async function applyChange({ file, text, exists }: HostChange, now: Date): Promise<string | null> {
  const backup = exists ? `${file}.${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.bak` : null
  try {
    await mkdir(path.dirname(file), { recursive: true })
    if (backup !== null) await copyFile(file, backup)
    // It can hold an API key.
    await replaceFile(file, text, { mode: 0o600 })
    return backup
  } catch (cause) {
    throw unreadable(file, 'cannot be written', cause)
  }
}

function parseObject(file: string, text: string): Record<string, unknown> {
  try {
    const parsed = objectSchema.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
  } catch {
    // Told below, as any other text that is no object.
  }
  throw unreadable(file, 'is no plain JSON object (comments are not understood)')
}

function unreadable(file: string, what: string, cause?: unknown): AppError {
  return new AppError({
    code: 'config_invalid',
    message: `${file} ${what}; it was left as it is.`,
    hint: 'Run the same with --print and paste the block into the file yourself.',
    cause,
  })
}
