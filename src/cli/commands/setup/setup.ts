import { existsSync } from 'node:fs'
import path from 'node:path'
import { listOptions } from '../../../config.ts'
import { type AppError, invalidInput } from '../../../errors.ts'
import { nearestName } from '../../../nearest-name.ts'
import { quoted } from '../../../offers/text.ts'
import { IS_PUBLISHED } from '../../../version.ts'
import type { Command, CommandContext } from '../../command.ts'
import { FLAGS } from '../../shared-flags.ts'
import type { Machine } from '../../terminal/machine.ts'
import { HOSTS, type Host, writtenEntry } from './hosts.ts'
import { FORMER_NAME, isTemporary, launchOf, SERVER_NAME, type ServerEntry } from './launch.ts'

const RENAMED_PERMISSIONS = `Permission rules such as mcp__${FORMER_NAME}__* have to be renamed to mcp__${SERVER_NAME}__*.`
const TEMPORARY =
  'This copy is in the cache of npx, which will delete it: install it with npm install -g, then run setup again.'

export const setupCommand: Command = {
  name: 'setup',
  positionals: '[host]',
  arity: { min: 0, max: 1 },
  summary: `Write this server into a host's configuration: ${HOSTS.map(host => host.name).join(', ')}. Options given here are written too.`,
  flags: {
    name: { value: 'NAME', help: `Name of the server in that host. Default: ${SERVER_NAME}.` },
    print: { value: 'switch', help: 'Print the block to paste, write nothing.' },
    'dry-run': { value: 'switch', help: 'Show what would be written where, with secrets masked; write nothing.' },
    json: FLAGS.json,
  },
  async run(context) {
    const [word] = context.positionals
    if (word === undefined) return listHosts(context)
    const host = HOSTS.find(({ name }) => name === word)
    if (!host) throw unknownHost(word)
    const { name = SERVER_NAME } = context.flags
    if (!/^[A-Za-z][\w-]{0,39}$/.test(name)) throw badName(name)
    const entry = entryOf(context.machine, context.given)
    const file = host.fileOf(context.machine)
    if (!IS_PUBLISHED && isTemporary(context.machine.packageDir)) context.notify(TEMPORARY)
    if (context.flags.print !== undefined || file === null) return printBlock(context, host, name, entry)
    return writeEntry(context, host, file, name, entry)
  },
}

function listHosts({ machine, flags, print, notify }: CommandContext): number {
  if (flags.json !== undefined) {
    const rows = HOSTS.map(host => ({ host: host.name, title: host.title, file: host.fileOf(machine) }))
    print(JSON.stringify(rows, null, 2))
    return 0
  }
  for (const host of HOSTS) {
    const file = host.fileOf(machine)
    const state =
      file === null
        ? host.yaml
          ? `prints a block to paste into ${host.yaml.file(machine)}`
          : 'prints its own command'
        : existsSync(path.dirname(file))
          ? file
          : `${file} (does not exist yet)`
    print(`${host.name.padEnd(12)}${host.title}: ${state}`)
  }
  notify('Configure one with mcp-1688 setup HOST; --dry-run shows what would be written.')
  return 0
}

/** How a host starts the running program, with the options given here. */
function entryOf(machine: Machine, given: Readonly<Record<string, string>>): ServerEntry {
  const env = Object.fromEntries(listOptions().flatMap(({ key, env }) => (given[key] ? [[env, given[key]]] : [])))
  return { ...launchOf(machine), env }
}

function printBlock(context: CommandContext, host: Host, name: string, entry: ServerEntry): number {
  const { print, notify, machine, flags } = context
  const file = host.fileOf(machine) ?? host.yaml?.file(machine) ?? null
  if (flags.json !== undefined) {
    const link = host.installLink?.(name, entry) ?? null
    const facts = { host: host.name, name, file, command_line: host.commandLine?.(name, entry) ?? null, link }
    print(JSON.stringify({ ...facts, entry: writtenEntry(host, entry) }, null, 2))
    return 0
  }
  if (file !== null) {
    notify(`For ${file}:`)
    const block = JSON.stringify({ [host.serversKey]: { [name]: writtenEntry(host, entry) } }, null, 2)
    print(host.yaml?.block(name, entry) ?? block)
  }
  if (host.yaml) notify(host.after)
  if (host.commandLine) {
    notify(file === null ? host.after : 'Or with its own command:')
    print(host.commandLine(name, entry))
  }
  // Not on stdout, which contains only the block to paste.
  if (host.installLink) notify(`Or open this link, which carries no options: ${host.installLink(name, entry)}`)
  if (host.formerRemoval) {
    notify(`If the server was added as "${FORMER_NAME}" before, run ${host.formerRemoval}. ${RENAMED_PERMISSIONS}`)
  }
  return 0
}

async function writeEntry(
  { flags, notify, print }: CommandContext,
  host: Host,
  file: string,
  name: string,
  entry: ServerEntry,
): Promise<number> {
  const { applyChange, planChange } = await import('./host-file.ts')
  const change = await planChange(host, file, name, entry)
  const isDryRun = flags['dry-run'] !== undefined
  const removed = change.removesFormer ? FORMER_NAME : null
  if (flags.json !== undefined) {
    const backup = isDryRun || change.kind === 'none' ? null : await applyChange(change, new Date())
    const facts = { host: host.name, name, file, change: change.kind, removed, dry_run: isDryRun, backup }
    print(JSON.stringify({ ...facts, entry: writtenEntry(host, masked(change.entry)) }, null, 2))
    return 0
  }
  if (change.kind === 'none') {
    print(`${host.title} already has this server, as ${name} in ${file}.`)
    return 0
  }
  if (isDryRun) {
    const removal = removed === null ? '' : `, ${removed} removed`
    print(`${change.exists ? 'Would change' : 'Would create'} ${file}: ${name} ${change.kind}${removal}.`)
    print(JSON.stringify({ [name]: writtenEntry(host, masked(change.entry)) }, null, 2))
    return 0
  }
  const backup = await applyChange(change, new Date())
  print(`${host.title}: ${name} ${change.kind} in ${file}.`)
  if (removed !== null) notify(`The entry "${removed}" of an earlier version was removed. ${RENAMED_PERMISSIONS}`)
  if (change.kept.length > 0) notify(`Variables kept in its environment: ${change.kept.join(', ')}.`)
  if (backup !== null) notify(`Copy of the old file: ${backup}`)
  notify(host.after)
  return 0
}

/** Variables that are not ours may be secrets too. */
function masked(entry: ServerEntry): ServerEntry {
  const open = new Set(listOptions().flatMap(option => (option.secret ? [] : [option.env])))
  const env = Object.entries(entry.env).map(([key, value]) => [key, open.has(key) ? value : '…'] as const)
  return { ...entry, env: Object.fromEntries(env) }
}

function unknownHost(word: string): AppError {
  const names = HOSTS.map(host => host.name)
  const nearest = nearestName(word, names)
  return invalidInput(
    `Unknown host ${quoted(word)}.`,
    nearest ? `Did you mean ${nearest}?` : `Use one of ${names.join(', ')}.`,
  )
}

function badName(name: string): AppError {
  return invalidInput(
    `${quoted(name)} is not a valid --name: expected a letter, then letters, digits, _ or -, at most 40 in all.`,
    `Leave it out for ${SERVER_NAME}.`,
  )
}
