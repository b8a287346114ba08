import { randomBytes } from 'node:crypto'
import { createApp } from '../app/create-app.ts'
import type { Config } from '../config.ts'
import { AppError, asAppError, ERROR_CODES } from '../errors.ts'
import { givenOptions, loadConfig, refuseUnknown, secretsOf, unknownVariables } from '../load-config.ts'
import { createLogger, type Logger } from '../log.ts'
import { type Proxies, proxySecrets, readProxies } from '../net/proxies.ts'
import type { Remark } from '../offers/results/results.ts'
import { errorText, errorValue } from '../tools/reply.ts'
import { version } from '../version.ts'
import { type CommandLine, parseCommandLine } from './arguments.ts'
import type { Command } from './command.ts'
import { COMMANDS, loadCommands } from './commands/list.ts'
import { withSecretFiles } from './secret-files.ts'
import { forPeople } from './terminal/for-people.ts'
import type { Machine } from './terminal/machine.ts'
import { printable } from './terminal/printable.ts'

export interface ProgramInput extends Machine {
  /** Arguments after the program's name. */
  argv: readonly string[]
  signal: AbortSignal
  stdout: (text: string) => void
  stderr: (text: string) => void
}

/** Runs one command line to its end. Never rejects; resolves to the exit code. */
export async function runProgram(input: ProgramInput): Promise<number> {
  let hasPrinted = false
  const print = (text: string) => {
    hasPrinted = true
    // A pipe or file gets every character.
    input.stdout(`${input.stdoutColumns === null ? text : printable(text)}\n`)
  }
  const write = (text: string) => input.stderr(printable(text))
  const notify = (text: string) => write(`${text}\n`)
  let logger = createLogger({ level: 'info', write })
  try {
    const line = await parseCommandLine(input.argv, COMMANDS)
    if (line.version || line.help) {
      const isNamed = input.argv.includes(line.command.name)
      print(line.version ? version : await helpFor(isNamed ? line.command : null))
      return 0
    }
    const settings = readSettings(input, line)
    if ('error' in settings) {
      notify(`error: ${errorText(settings.error)}`)
      return await settings.run(settings.error, { logger, signal: input.signal })
    }
    const { env, config, proxies, remarks } = settings
    const secrets = [...secretsOf(config), ...proxySecrets(proxies)]
    logger = createLogger({ level: config.logLevel, secrets, write })
    const isLocal = !line.command.isRemote
    const app = createApp({
      config,
      packageDir: input.packageDir,
      logger,
      proxies,
      isLocal,
      homeDir: input.homeDir,
      machine: input,
      remarks,
    })
    try {
      const { positionals, flags } = line
      const given = givenOptions({ env, flags: line.options })
      const shared = { config, app, logger, machine: input, given }
      return await line.command.run({ ...shared, positionals, flags, signal: input.signal, print, notify })
    } finally {
      await app.close()
    }
  } catch (thrown) {
    const error = loggedError(thrown, logger)
    const text = `error: ${errorText(error)}`
    notify(input.stdoutColumns === null ? text : forPeople(text))
    // On stdout, where a script reads. After an answer that was printed, it would spoil that answer's JSON.
    if (input.argv.includes('--json') && !hasPrinted) print(JSON.stringify({ error: errorValue(error) }, null, 2))
    return ERROR_CODES[error.code].exitCode
  }
}

async function helpFor(command: Command | null): Promise<string> {
  const { commandHelp, programHelp } = await import('./help.ts')
  return command === null ? programHelp(await loadCommands(COMMANDS)) : commandHelp(command)
}

type Settings =
  | { env: ReturnType<typeof withSecretFiles>; config: Config; proxies: Proxies; remarks: Remark[] }
  | { error: AppError; run: NonNullable<Command['runUnconfigured']> }

/** @throws AppError `config_invalid`, unless the command reports it to its caller itself. */
function readSettings(input: ProgramInput, { command, options }: CommandLine): Settings {
  const run = command.runUnconfigured?.bind(command)
  try {
    const env = withSecretFiles(input.env)
    const unknown = unknownVariables(env)
    if (!run) refuseUnknown(unknown)
    const config = loadConfig({ ...input, env, flags: options })
    const proxies = readProxies(input.env)
    return { env, config, proxies, remarks: unknown.map(variable => ({ kind: 'unknown_variable', ...variable })) }
  } catch (thrown) {
    if (!run || !(thrown instanceof AppError)) throw thrown
    return { error: thrown, run }
  }
}

/** A bug is logged under the incident ID that its message names. */
function loggedError(thrown: unknown, logger: Logger): AppError {
  const incident = randomBytes(4).toString('hex')
  const error = asAppError(thrown, incident)
  if (error !== thrown && error.code === 'internal') logger.error('command failed', { incident, cause: thrown })
  return error
}
