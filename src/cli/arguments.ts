import { parseArgs } from 'node:util'
import { listOptions } from '../config.ts'
import { type AppError, invalidInput } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'
import { cleanText, FIELD_MAX_CHARS, quoted } from '../offers/text.ts'
import { counted } from '../shape/text/values.ts'
import type { Command, ListedCommand } from './command.ts'

export interface CommandLine {
  command: Command
  positionals: string[]
  /** The command's own flags, by name without dashes; a switch is `'true'`. */
  flags: Record<string, string>
  /** Options of the configuration, by key. */
  options: Record<string, string>
  help: boolean
  version: boolean
}

/**
 * Without a command's name, the first of `commands` is meant; `help search` means `search --help`.
 * @throws AppError `invalid_input` for an unknown command or flag, a missing value, or too few or many arguments.
 */
export async function parseCommandLine(
  given: readonly string[],
  commands: readonly ListedCommand[],
): Promise<CommandLine> {
  const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : given
  const options = listOptions()
  const configFlags = new Map(options.map(option => [option.flag.slice(2), option.key]))
  const command = await findCommand(argv, commands, configFlags).load()
  const switches = Object.entries(command.flags).filter(([, flag]) => flag.value === 'switch')
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
      ...Object.fromEntries(switches.map(([name]) => [name, { type: 'boolean' as const }])),
      ...Object.fromEntries(
        [...Object.keys(command.flags), ...configFlags.keys()]
          .filter(name => !switches.some(([other]) => other === name))
          .map(name => [name, { type: 'string' as const }]),
      ),
    },
  })
  const line: CommandLine = { command, positionals: [], flags: {}, options: {}, help: false, version: false }
  for (const token of tokens) {
    if (token.kind === 'positional') line.positionals.push(token.value)
    if (token.kind === 'option') readFlag(line, token, configFlags)
  }
  if (line.positionals[0] === command.name) line.positionals.shift()
  if (!line.help && !line.version) checkArity(line)
  return line
}

function readFlag(
  line: CommandLine,
  { name, rawName, value }: { name: string; rawName: string; value: string | undefined },
  configFlags: ReadonlyMap<string, string>,
): void {
  if (name === 'help') line.help = true
  else if (name === 'version') line.version = true
  else {
    const flag = line.command.flags[name]
    // A command's own flag hides an option of the same name: `keys add --tier` is not the plan of the upstream's key.
    const key = flag === undefined ? configFlags.get(name) : undefined
    if (key === undefined && flag === undefined) throw unknownFlag(rawName, line.command, configFlags)
    if (flag?.value === 'switch' && value !== undefined) {
      // `--spend=false` would spend.
      throw invalidInput(`${rawName} does not take a value.`, `Write ${rawName} alone, or leave it out.`)
    }
    if (flag?.value === 'switch') line.flags[name] = 'true'
    else if (value === undefined || value === '') {
      throw invalidInput(`${rawName} needs a value.`, `See mcp-1688 ${line.command.name} --help.`)
    } else if (key === undefined) line.flags[name] = value
    else line.options[key] = value
  }
}

/** The command is the first word that is not a flag or a flag's value. */
function findCommand(
  argv: readonly string[],
  commands: readonly ListedCommand[],
  configFlags: ReadonlyMap<string, string>,
): ListedCommand {
  const [fallback] = commands
  if (!fallback) throw new Error('no commands')
  const word = argv.find((argument, index) => {
    const before = argv[index - 1] ?? ''
    return !argument.startsWith('-') && !configFlags.has(before.replace(/^--/, ''))
  })
  if (word === undefined) return fallback
  const command = commands.find(candidate => candidate.name === word)
  if (command) return command
  // The word may be the value of a misspelt flag; then the flag is what is wrong.
  const before = argv[argv.indexOf(word) - 1] ?? ''
  if (before.startsWith('--')) throw unknownFlag(before, { name: fallback.name, flags: {} }, configFlags)
  const names = commands.map(candidate => candidate.name)
  const nearest = nearestName(word, names)
  throw invalidInput(
    `Unknown command ${quoted(word)}.`,
    nearest ? `Did you mean ${nearest}? mcp-1688 --help lists all.` : `The commands are ${names.join(', ')}.`,
  )
}

function unknownFlag(
  rawName: string,
  command: Pick<Command, 'name' | 'flags'>,
  configFlags: ReadonlyMap<string, string>,
): AppError {
  const names = [...Object.keys(command.flags), ...configFlags.keys(), 'help', 'version'].map(name => `--${name}`)
  const nearest = nearestName(rawName, names)
  return invalidInput(
    `Unknown flag ${cleanText(rawName, FIELD_MAX_CHARS)} for "mcp-1688 ${command.name}".`,
    nearest ? `Did you mean ${nearest}?` : `mcp-1688 ${command.name} --help lists its flags.`,
  )
}

function checkArity({ command, positionals }: CommandLine): void {
  const { min, max } = command.arity
  const usage = `Usage: mcp-1688 ${command.name} ${command.positionals}`.trim()
  if (positionals.length < min) throw invalidInput(`${command.name} needs ${command.positionals}.`, `${usage}.`)
  if (positionals.length > max)
    throw invalidInput(
      `${command.name} takes ${max === 0 ? 'no arguments' : `at most ${counted(max, 'argument')}`}, not ${positionals.length}.`,
      `${usage}.`,
    )
}
