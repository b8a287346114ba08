import type { ListedCommand } from '../command.ts'
import { stdioCommand } from './stdio.ts'

const WORKING: readonly ListedCommand[] = [
  { name: 'stdio', load: async () => stdioCommand },
  { name: 'search', load: async () => (await import('./search.ts')).searchCommand },
  { name: 'report', load: async () => (await import('./report.ts')).reportCommand },
  { name: 'details', load: async () => (await import('./details.ts')).detailsCommand },
  { name: 'compare', load: async () => (await import('./compare/compare.ts')).compareCommand },
  { name: 'source', load: async () => (await import('./source/source.ts')).sourceCommand },
  { name: 'catalogue', load: async () => (await import('./catalogue/catalogue.ts')).catalogueCommand },
  { name: 'watch', load: async () => (await import('./watch/watch.ts')).watchCommand },
  { name: 'costs', load: async () => (await import('./costs.ts')).costsCommand },
  { name: 'usage', load: async () => (await import('./usage.ts')).usageCommand },
  { name: 'serve', load: async () => (await import('./serve.ts')).serveCommand },
  { name: 'keys', load: async () => (await import('./keys.ts')).keysCommand },
  { name: 'ledger', load: async () => (await import('./ledger.ts')).ledgerCommand },
  { name: 'setup', load: async () => (await import('./setup/setup.ts')).setupCommand },
  { name: 'authorize', load: async () => (await import('./authorize/authorize.ts')).authorizeCommand },
  { name: 'doctor', load: async () => (await import('./doctor.ts')).doctorCommand },
]

const COMPLETION: ListedCommand = {
  name: 'completion',
  load: async () => (await import('./completion.ts')).createCompletionCommand(await loadCommands(WORKING)),
}

/** The first one runs where none is named. */
export const COMMANDS: readonly ListedCommand[] = [...WORKING, COMPLETION]

export function loadCommands(commands: readonly ListedCommand[]) {
  return Promise.all(commands.map(command => command.load()))
}
