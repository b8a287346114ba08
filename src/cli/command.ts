import type { App } from '../app/create-app.ts'
import type { Config } from '../config.ts'
import type { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Machine } from './terminal/machine.ts'

export interface CommandFlag {
  /** `switch`, or the placeholder for its value in the help, for example `N`. */
  value: 'switch' | string
  help: string
}

/** A table that explains what a command needs to be told. */
export interface CommandNotes {
  title: string
  rows: readonly (readonly [name: string, text: string])[]
}

export interface CommandContext {
  config: Config
  app: App
  logger: Logger
  machine: Machine
  /** Options of the configuration that were given as a flag or in the environment, by key. */
  given: Readonly<Record<string, string>>
  positionals: readonly string[]
  /** Given flags; a switch is `'true'`. */
  flags: Readonly<Record<string, string>>
  /** Aborts on SIGINT and SIGTERM. */
  signal: AbortSignal
  /** Writes the command's result to stdout. */
  print(text: string): void
  /** Writes to stderr, for the person at the terminal. */
  notify(text: string): void
}

/** Loaded when it runs, or when its help is shown. */
export interface ListedCommand {
  name: string
  load(): Promise<Command>
}

export interface Command {
  name: string
  /** As the help shows them, for example `<image>`. */
  positionals: string
  arity: { min: number; max: number }
  summary: string
  flags: Readonly<Record<string, CommandFlag>>
  /** Options of the configuration that matter to this command most, by key; its help explains them. */
  options?: readonly string[]
  /** Shown in its help, below the flags. */
  notes?: CommandNotes
  /** Whether its callers are on other machines: then no local file is read, and no call goes out without the ledger. */
  isRemote?: true
  /** Resolves to the exit code. Throws AppError for expected failures. */
  run(context: CommandContext): Promise<number>
  /** For a command whose exit nobody sees the reason of: runs it without a configuration that could be used. */
  runUnconfigured?(error: AppError, context: Pick<CommandContext, 'logger' | 'signal'>): Promise<number>
}
