/** `mcp-1688 ledger restore`: a damaged count of calls and credits is usable again. */
import path from 'node:path'
import { invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import type { Command, CommandContext } from '../command.ts'
import { FLAGS } from '../shared-flags.ts'

export const ledgerCommand: Command = {
  name: 'ledger',
  positionals: '<restore> [file]',
  arity: { min: 1, max: 2 },
  summary: 'Restore a damaged ledger from its newest copy, with the credits that are used or left this month.',
  flags: {
    used: { value: 'N', help: 'credits used this month, as your account at the upstream shows them.' },
    left: {
      value: 'N',
      help: 'credits left this month, instead of --used; for an upstream whose limit is configured.',
    },
    json: FLAGS.json,
  },
  async run(context) {
    const { config, positionals, flags, print } = context
    const [action, named] = positionals
    if (action !== 'restore')
      throw invalidInput(`Unknown action ${quoted(action)} for "mcp-1688 ledger".`, 'Use mcp-1688 ledger restore.')
    if (config.store !== undefined)
      throw invalidInput('The ledger is in the database of MCP1688_STORE.', 'Restore the database from a backup.')
    const file = await ledgerOf(named, config.dataDir)
    const { allowanceOf } = await import('../../app/create-upstreams.ts')
    const allowance = allowanceOf(config, path.basename(file))
    const used = usedOf(flags, allowance?.creditsPerMonth ?? null)
    const { systemClock } = await import('../../time/clock.ts')
    const { restoreLedger } = await import('../../limits/ledger/sqlite/restore-ledger.ts')
    const creditResetDay = allowance?.creditResetDay ?? null
    const { copy, aside, counted } = await restoreLedger({ file, used, creditResetDay, clock: systemClock })
    const name = path.basename(file)
    if (flags.json !== undefined) {
      print(JSON.stringify({ file: name, copy, damaged_file: aside, counted_by_copy: counted, used }, null, 2))
      return 0
    }
    const { restoredText } = await import('../../store/copies/restore.ts')
    print(restoredText(file, { copy, aside }))
    print(
      copy === null
        ? `A new ledger was started, in which ${used} credits count as used this month.`
        : `The copy counted ${counted} credits this month; now ${used} count as used.`,
    )
    return 0
  },
}

async function ledgerOf(named: string | undefined, dataDir: string): Promise<string> {
  const { isLedgerDamaged, ledgersIn } = await import('../../limits/ledger/sqlite/restore-ledger.ts')
  const { ACCOUNTS_FOLDER } = await import('../../keys/sqlite/key-store.ts')
  const all = [dataDir, path.join(dataDir, ACCOUNTS_FOLDER)].flatMap(ledgersIn)
  const wanted = named === undefined ? all : all.filter(file => path.basename(file) === path.basename(named))
  if (named !== undefined && wanted.length === 0)
    throw invalidInput(`There is no ledger ${quoted(named)} in the data folder.`, listOf(all))
  const damaged = wanted.filter(isLedgerDamaged)
  const [file, ...others] = damaged
  if (file === undefined)
    throw invalidInput(
      `${named === undefined ? 'No ledger is' : 'This ledger is not'} damaged: nothing was changed.`,
      'mcp-1688 usage shows what it counts.',
    )
  if (others.length > 0)
    throw invalidInput(`${damaged.length} ledgers are damaged, each with credits of its own.`, listOf(damaged))
  return file
}

function usedOf({ used, left }: CommandContext['flags'], creditsPerMonth: number | null): number {
  if ((used === undefined) === (left === undefined))
    throw invalidInput(
      'A copy of a ledger may be behind, so the credits have to be told: exactly one of --used and --left.',
      'Look the figure up in your account at the upstream, for example --used 120.',
    )
  if (used !== undefined) return numberOf('--used', used)
  if (creditsPerMonth === null)
    throw invalidInput('The monthly limit of this ledger is not known, so --left says nothing.', 'Use --used N.')
  return Math.max(0, creditsPerMonth - numberOf('--left', left ?? ''))
}

function numberOf(flag: string, text: string): number {
  const number = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && number <= 1e9) return number
  throw invalidInput(`${flag} must be a number of credits, not ${quoted(text)}.`, `For example ${flag} 120.`)
}

function listOf(files: readonly string[]): string {
  return files.length === 0
    ? 'It holds none.'
    : `Name one of them: ${files.map(file => path.basename(file)).join(', ')}.`
}
