/** Owns the list of commands; the first one is meant where none is named. */
import type { Command } from './command.ts'
import { detailsCommand } from './details.ts'
import { searchCommand } from './search.ts'
import { stdioCommand } from './stdio.ts'

/** Every command. */
export const COMMANDS: readonly Command[] = [stdioCommand, searchCommand, detailsCommand]
