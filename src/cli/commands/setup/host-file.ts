/** Changes a host's configuration file: comments and everything else stay, and a copy of the old file is kept. */
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { applyEdits, type FormattingOptions, modify, type ParseError, parse } from 'jsonc-parser'
import * as z from 'zod'
import { AppError } from '../../../errors.ts'
import { replaceFile } from '../../out-file.ts'
import { type Host, writtenEntry } from './hosts.ts'
import { FORMER_NAME, type ServerEntry, startsThisProgram } from './launch.ts'

const objectSchema = z.record(z.string(), z.unknown())
const environmentSchema = z.record(z.string(), z.string())

/** A change that has not been made yet. */
export interface HostChange {
  file: string
  /** The file's new contents. */
  text: string
  entry: ServerEntry
  /** Variables of the server's environment that stay although they were not given now. */
  kept: readonly string[]
  /** `added`: the host did not know the server; `replaced`: the name was in use; `none`: nothing has to change. */
  kind: 'added' | 'replaced' | 'none'
  /** Whether an entry of ours under its former name is removed. */
  removesFormer: boolean
  /** Whether the file exists. */
  exists: boolean
}

/**
 * Works out what to write into a host's file. Variables that the server had, such as a key, stay unless given now.
 * @throws AppError `config_invalid` if the file exists but is not JSON (comments and trailing commas are allowed).
 */
export async function planChange(host: Host, file: string, name: string, entry: ServerEntry): Promise<HostChange> {
  const text = await readFile(file, 'utf8').catch(cause => {
    if (z.object({ code: z.literal('ENOENT') }).safeParse(cause).success) return null
    throw unusable(file, 'The file cannot be read', cause)
  })
  const before = text === null || text.trim() === '' ? '{}\n' : text
  const servers = parseServers(file, before, host.serversKey)
  const former = name === FORMER_NAME ? undefined : objectSchema.safeParse(servers[FORMER_NAME]).data
  const removesFormer = former !== undefined && startsThisProgram(former)
  const known = servers[name] ?? (removesFormer ? former : undefined)
  const knownEntry = objectSchema.safeParse(known).data ?? {}
  const knownEnv = environmentSchema.safeParse(knownEntry[host.form?.environmentKey ?? 'env']).data ?? {}
  const kept = Object.keys(knownEnv).filter(variable => !Object.hasOwn(entry.env, variable))
  const merged = { ...entry, env: { ...knownEnv, ...entry.env } }
  const written = writtenEntry(host, merged)
  const isSame = JSON.stringify(servers[name]) === JSON.stringify(written)
  const kind = isSame && !removesFormer ? 'none' : Object.hasOwn(servers, name) ? 'replaced' : 'added'
  const added = edit(before, [host.serversKey, name], written)
  const after = removesFormer ? edit(added, [host.serversKey, FORMER_NAME], undefined) : added
  return { file, text: after, entry: merged, kept, kind, removesFormer, exists: text !== null }
}

/**
 * Makes the change in one step: a host that reads meanwhile sees the old file or the new one.
 * @returns the path of the old file's copy; `null` if there was no file.
 * @throws AppError `config_invalid` if it cannot be written.
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
    throw unusable(file, 'The file cannot be written', cause)
  }
}

function parseServers(file: string, text: string, key: string): Record<string, unknown> {
  const errors: ParseError[] = []
  const parsed: unknown = parse(text, errors, { allowTrailingComma: true })
  const root = objectSchema.safeParse(parsed).data
  if (errors.length > 0 || root === undefined) throw unusable(file, 'The file is not a JSON object')
  if (root[key] === undefined) return {}
  const servers = objectSchema.safeParse(root[key]).data
  if (servers === undefined) throw unusable(file, `"${key}" in the file is not an object`)
  return servers
}

/** Sets one value, or removes it with `undefined`, formatted like the rest of the text. */
function edit(text: string, where: string[], value: unknown): string {
  return applyEdits(text, modify(text, where, value, { formattingOptions: formattingOf(text) }))
}

function formattingOf(text: string): FormattingOptions {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? []
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

function unusable(file: string, what: string, cause?: unknown): AppError {
  return new AppError({
    code: 'config_invalid',
    message: `${what}: ${file}. It was left unchanged.`,
    hint: 'Run the same command with --print and paste the block into the file.',
    cause,
  })
}
