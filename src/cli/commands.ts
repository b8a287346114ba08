/** Owns the list of commands; the first one is meant where none is named. */
import { catalogueCommand } from './catalogue.ts'
import type { Command } from './command.ts'
import { detailsCommand } from './details.ts'
import { keysCommand } from './keys.ts'
import { searchCommand } from './search.ts'
import { serveCommand } from './serve.ts'
import { stdioCommand } from './stdio.ts'
import { usageCommand } from './usage.ts'

/** Every command. */
export const COMMANDS: readonly Command[] = [
  stdioCommand,
  searchCommand,
  detailsCommand,
  catalogueCommand,
  usageCommand,
  serveCommand,
  keysCommand,
]
