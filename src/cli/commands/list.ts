import type { Command } from '../command.ts'
import { authorizeCommand } from './authorize/authorize.ts'
import { catalogueCommand } from './catalogue/catalogue.ts'
import { compareCommand } from './compare/compare.ts'
import { createCompletionCommand } from './completion.ts'
import { costsCommand } from './costs.ts'
import { detailsCommand } from './details.ts'
import { doctorCommand } from './doctor.ts'
import { keysCommand } from './keys.ts'
import { ledgerCommand } from './ledger.ts'
import { reportCommand } from './report.ts'
import { searchCommand } from './search.ts'
import { serveCommand } from './serve.ts'
import { setupCommand } from './setup/setup.ts'
import { sourceCommand } from './source/source.ts'
import { stdioCommand } from './stdio.ts'
import { usageCommand } from './usage.ts'
import { watchCommand } from './watch/watch.ts'

const WORKING: readonly Command[] = [
  stdioCommand,
  searchCommand,
  reportCommand,
  detailsCommand,
  compareCommand,
  sourceCommand,
  catalogueCommand,
  watchCommand,
  costsCommand,
  usageCommand,
  serveCommand,
  keysCommand,
  ledgerCommand,
  setupCommand,
  authorizeCommand,
  doctorCommand,
]

/** The first one runs where none is named. */
export const COMMANDS: readonly Command[] = [...WORKING, createCompletionCommand(WORKING)]
