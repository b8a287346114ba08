/** What a command of the command line is. */
import type { App } from '../app/create-app.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'
import type { Machine } from './terminal/machine.ts'

export interface CommandFlag {
  /** A switch, or the name under which its value is shown, for example `N`. */
  value: 'switch' | string
  help: string
}

/** What a command runs with. Nothing here is global: a test gives its own. */
export interface CommandContext {
  config: Config
  app: App
  logger: Logger
  machine: Machine
  /** Options of the configuration that were given, as flag or in the environment, by key. */
  given: Readonly<Record<string, string>>
  positionals: readonly string[]
  /** Flags that were given; a switch is `'true'`. */
  flags: Readonly<Record<string, string>>
  /** Aborts on SIGINT and SIGTERM. */
  signal: AbortSignal
  /** Writes the command's result to stdout. */
  print(text: string): void
  /** Writes a word to the person at the terminal, on stderr. */
  tell(text: string): void
}

export interface Command {
  name: string
  /** For the help: `<image>`. */
  positionals: string
  /** How many words it takes. */
  arity: { min: number; max: number }
  summary: string
  flags: Readonly<Record<string, CommandFlag>>
  /** Whether its callers sit elsewhere: then no local file is read, and nothing goes out without the ledger. */
  isRemote?: true
  /** Resolves to the exit code. Throws AppError for what the person can be told. */
  run(context: CommandContext): Promise<number>
}
