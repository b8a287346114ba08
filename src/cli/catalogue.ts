/** Owns `mcp-1688 catalogue`: filling, importing, exporting, counting and emptying the local catalogue. */
import { AppError, ERROR_CODES } from '../errors.ts'
import { shapeSync, syncText } from '../shape/sync.ts'
import type { Command, CommandContext } from './command.ts'

const ACTIONS = {
  sync: { run: sync, usage: 'sync [--max-credits N]' },
  import: {
    run: async context => (await import('./catalogue-files.ts')).importFile(context),
    usage: 'import FILE [--dry-run]',
  },
  export: {
    run: async context => (await import('./catalogue-files.ts')).exportCatalogue(context),
    usage: 'export [FILE] [--format csv|jsonl] [--source NAME]',
  },
  stats: { run: stats, usage: 'stats' },
  remove: { run: remove, usage: 'remove SOURCE [OFFER…]' },
  copy: {
    run: async context => (await import('./catalogue-copy.ts')).copy(context),
    usage: 'copy --from STORE --to STORE',
  },
} as const satisfies Record<string, { run: (context: CommandContext) => Promise<number>; usage: string }>

/** Works on the catalogue that searches rank. */
export const catalogueCommand: Command = {
  name: 'catalogue',
  positionals: '<sync|import|export|stats|remove|copy> [...]',
  arity: { min: 1, max: 200 },
  summary: `Work on the local catalogue: ${Object.values(ACTIONS)
    .map(action => action.usage)
    .join('; ')}.`,
  flags: {
    'max-credits': { value: 'N', help: 'sync: credits to spend at most. Default: what the rest of the index costs.' },
    format: { value: 'FORMAT', help: 'export: csv or jsonl. Default: by the name of the file, else csv.' },
    source: { value: 'NAME', help: 'export: only offers of this source, for example parse or import.' },
    'dry-run': { value: 'switch', help: 'import: show how columns are read and which rows are bad, keep nothing.' },
    from: {
      value: 'STORE',
      help: 'copy: files (the data folder), store (the database of MCP1688_STORE), a folder or an address.',
    },
    to: { value: 'STORE', help: 'copy: as --from.' },
    json: { value: 'switch', help: 'Print JSON instead of text.' },
  },
  run: context => {
    const [action = ''] = context.positionals
    const found = Object.entries(ACTIONS).find(([name]) => name === action)
    if (found) return found[1].run(context)
    throw new AppError({
      code: 'invalid_input',
      message: `catalogue cannot ${JSON.stringify(action.slice(0, 40))}.`,
      hint: `Write mcp-1688 catalogue ${Object.values(ACTIONS)
        .map(({ usage }) => usage)
        .join(', or ')}.`,
    })
  },
}

/** Credits are shown before they are spent and after; what a kill leaves is kept, and the next sync goes on from there. */
async function sync(context: CommandContext): Promise<number> {
  const { app, signal, flags, tell, print } = context
  const before = await app.services.getUsage()
  const cost = before.index?.creditsToFinish ?? null
  const upstream = before.index?.source ?? before.upstream
  const payer = [before, ...(before.others ?? [])].find(candidate => candidate.upstream === upstream)
  const left = payer?.limits?.now?.creditsLeft ?? null
  tell(
    `The rest of the index of ${upstream} costs ${cost ?? 'an unknown number of'} credits; ${left ?? 'an unknown number'} left.`,
  )
  const maxCredits = flags['max-credits'] === undefined ? Number.POSITIVE_INFINITY : wholeNumber(flags['max-credits'])
  const bar = await openBar()
  const result = await app.services
    .syncCatalogue({ maxCredits, budgetMs: null }, { signal, onProgress: bar.onProgress })
    .finally(bar.stop)
  const value = shapeSync(result)
  print(flags.json === undefined ? syncText(value) : JSON.stringify(value, null, 2))
  const failure = result.remarks.find(remark => remark.kind === 'upstream_failed')
  return failure ? ERROR_CODES[failure.code].exitCode : 0
}

async function stats({ app, flags, print }: CommandContext): Promise<number> {
  const { stats: read } = await app.openCatalogue()
  const rows = await read()
  if (flags.json !== undefined) print(JSON.stringify(rows, null, 2))
  else if (rows.length === 0) print('The catalogue is empty.')
  for (const row of flags.json === undefined ? rows : []) {
    const seen = `${day(row.firstSeenAt)} to ${day(row.lastSeenAt)}`
    print(
      `${row.source}: ${row.offers} offers, ${row.withPicture} with a picture, ${row.embedded} of them compared; seen ${seen}`,
    )
  }
  return 0
}

async function remove({ app, positionals, flags, print }: CommandContext): Promise<number> {
  const [, source, ...offerIds] = positionals
  if (source === undefined) {
    throw new AppError({
      code: 'invalid_input',
      message: 'remove needs the name of a source.',
      hint: 'Write mcp-1688 catalogue remove import, or with offer ids behind it; catalogue stats lists the sources.',
    })
  }
  const { catalogue } = await app.openCatalogue()
  const removed = await catalogue.remove(source, offerIds.length === 0 ? null : offerIds)
  print(flags.json === undefined ? `${removed} offers of ${source} removed.` : JSON.stringify({ source, removed }))
  return 0
}

/** Loaded when it is drawn: no other command has one. */
async function openBar() {
  const { createProgressBar } = await import('./progress-bar.ts')
  return createProgressBar(process.stderr)
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError({
    code: 'invalid_input',
    message: '--max-credits must be a whole number.',
    hint: 'Write --max-credits 13.',
  })
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
