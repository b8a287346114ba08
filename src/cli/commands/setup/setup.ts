/** Owns `mcp-1688 setup`: telling a host how to start this server. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { listOptions } from '../../../config.ts'
import { AppError } from '../../../errors.ts'
import { nearestName } from '../../../nearest-name.ts'
import type { Command, CommandContext, Machine } from '../../command.ts'
import { HOSTS, type Host, type ServerEntry } from './hosts.ts'

const DEFAULT_NAME = '1688'

/** Writes this server into a host's configuration. */
export const setupCommand: Command = {
  name: 'setup',
  positionals: '[host]',
  arity: { min: 0, max: 1 },
  summary: `Write this server into a host's configuration: ${HOSTS.map(host => host.name).join(', ')}. Options given here go with it.`,
  flags: {
    name: { value: 'NAME', help: `Name of the server in that host. Default: ${DEFAULT_NAME}.` },
    print: { value: 'switch', help: 'Print the block to paste, write nothing.' },
    'dry-run': { value: 'switch', help: 'Say what would be written where, secrets masked; write nothing.' },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  async run(context) {
    const [word] = context.positionals
    if (word === undefined) return listHosts(context)
    const host = HOSTS.find(({ name }) => name === word)
    if (!host) throw unknownHost(word)
    const { name = DEFAULT_NAME } = context.flags
    if (!/^[\w-]{1,40}$/.test(name)) throw badName()
    const entry = entryOf(context.machine, context.given)
    const file = host.fileOf(context.machine)
    if (context.flags.print !== undefined || file === null) return printBlock(context, host, name, entry)
    return writeEntry(context, host, file, name, entry)
  },
}

function listHosts({ machine, flags, print, tell }: CommandContext): number {
  if (flags.json !== undefined) {
    const rows = HOSTS.map(host => ({ host: host.name, title: host.title, file: host.fileOf(machine) }))
    print(JSON.stringify(rows, null, 2))
    return 0
  }
  for (const host of HOSTS) {
    const file = host.fileOf(machine)
    const state =
      file === null ? 'by its own command' : existsSync(path.dirname(file)) ? file : `${file} (not there yet)`
    print(`${host.name.padEnd(12)}${host.title}: ${state}`)
  }
  tell('Write one with mcp-1688 setup HOST; --dry-run shows what would happen.')
  return 0
}

/** How a host starts what is running now, with the options that were given here. */
function entryOf({ execPath, packageDir }: Machine, given: Readonly<Record<string, string>>): ServerEntry {
  const env = Object.fromEntries(listOptions().flatMap(({ key, env }) => (given[key] ? [[env, given[key]]] : [])))
  // What npx unpacked is cleaned away one day; a path into it would stop working.
  const isPassing = packageDir.split(path.sep).includes('_npx')
  return isPassing
    ? { command: 'npx', args: ['-y', 'mcp-1688'], env }
    : { command: execPath, args: [path.join(packageDir, 'dist', 'mcp-1688.js')], env }
}

function printBlock(context: CommandContext, host: Host, name: string, entry: ServerEntry): number {
  const { print, tell, machine, flags } = context
  const file = host.fileOf(machine)
  if (flags.json !== undefined) {
    const facts = { host: host.name, name, file, command_line: host.commandLine?.(name, entry) ?? null }
    print(JSON.stringify({ ...facts, entry: { ...host.extra, ...entry } }, null, 2))
    return 0
  }
  if (file !== null) {
    tell(`For ${file}:`)
    print(JSON.stringify({ [host.serversKey]: { [name]: { ...host.extra, ...entry } } }, null, 2))
  }
  if (host.commandLine) {
    tell(file === null ? host.after : 'Or with its own command:')
    print(host.commandLine(name, entry))
  }
  return 0
}

async function writeEntry(
  { flags, tell, print }: CommandContext,
  host: Host,
  file: string,
  name: string,
  entry: ServerEntry,
): Promise<number> {
  const { applyChange, planChange } = await import('./host-file.ts')
  const change = await planChange(host, file, name, entry)
  const isDryRun = flags['dry-run'] !== undefined
  if (flags.json !== undefined) {
    const backup = isDryRun || change.kind === 'none' ? null : await applyChange(change, new Date())
    const facts = { host: host.name, name, file, change: change.kind, dry_run: isDryRun, backup }
    print(JSON.stringify({ ...facts, entry: { ...host.extra, ...masked(change.entry) } }, null, 2))
    return 0
  }
  if (change.kind === 'none') {
    print(`${host.title} knows this server already, as ${name} in ${file}.`)
    return 0
  }
  if (isDryRun) {
    print(`${change.exists ? 'Would change' : 'Would make'} ${file}: ${name} ${change.kind}.`)
    print(JSON.stringify({ [name]: { ...host.extra, ...masked(change.entry) } }, null, 2))
    return 0
  }
  const backup = await applyChange(change, new Date())
  print(`${host.title}: ${name} ${change.kind} in ${file}.`)
  if (change.kept.length > 0) tell(`Its environment keeps ${change.kept.join(', ')}.`)
  if (backup !== null) tell(`The file as it was: ${backup}`)
  tell(host.after)
  return 0
}

/** Variables that are not ours may be secrets, too. */
function masked(entry: ServerEntry): ServerEntry {
  const open = new Set(listOptions().flatMap(option => (option.secret ? [] : [option.env])))
  const env = Object.entries(entry.env).map(([key, value]) => [key, open.has(key) ? value : '…'] as const)
  return { ...entry, env: Object.fromEntries(env) }
}

function unknownHost(word: string): AppError {
  const names = HOSTS.map(host => host.name)
  const nearest = nearestName(word, names)
  return new AppError({
    code: 'invalid_input',
    message: `setup knows no host ${JSON.stringify(word.slice(0, 40))}.`,
    hint: nearest ? `Did you mean ${nearest}?` : `It knows ${names.join(', ')}.`,
  })
}

function badName(): AppError {
  return new AppError({
    code: 'invalid_input',
    message: '--name takes letters, digits, _ and -, 40 at most.',
    hint: `Leave it out for ${DEFAULT_NAME}.`,
  })
}
