import * as z from 'zod'
import type { FailedPicture } from '../../../catalogue/catalogue.ts'
import { picturesOfOffers } from '../../../catalogue/holdings.ts'
import { catalogueSource, isImport } from '../../../catalogue/owners.ts'
import { type AppError, ERROR_CODES, invalidInput } from '../../../errors.ts'
import { pictureName } from '../../../offers/picture-name.ts'
import { quoted } from '../../../offers/text.ts'
import { shapeCatalogueSource } from '../../../shape/catalogue.ts'
import { shapeSync, syncText } from '../../../shape/sync.ts'
import { counted } from '../../../shape/text/values.ts'
import { SAMPLE_SOURCE } from '../../../upstream-calls/failover.ts'
import { failureText } from '../../../use-cases/catalogue/failed-pictures.ts'
import { removeSample } from '../../../use-cases/catalogue-sources.ts'
import type { Command, CommandContext } from '../../command.ts'
import { numberOf } from '../../flag-number.ts'
import { FLAGS } from '../../shared-flags.ts'
import { checkSource } from './known-source.ts'
import { catalogueOf, ownerOf } from './owner.ts'

/** More than any plan has. */
const MAX_CREDITS = 1_000_000_000

/** Pictures that `retry` names, and those of them in text. */
const MAX_LISTED = 1_000
const MAX_SHOWN = 20

/** The action's name included. */
const MAX_WORDS = 200

interface Action {
  run(context: CommandContext): Promise<number>
  /** The most arguments after its name. */
  words: number
  usage: string
}

const ACTIONS: Readonly<Record<string, Action>> = {
  sync: { run: sync, words: 0, usage: 'sync [--max-credits N]' },
  import: {
    run: async context => (await import('./import-export.ts')).importFile(context),
    words: 1,
    usage:
      'import FILE [--sheet NAME] [--map COLUMN=FIELD] [--rate USD=7.1] [--pictures FOLDER] [--encoding NAME] [--for all|ACCOUNT] [--catalogue NAME] [--prune] [--dry-run]',
  },
  export: {
    run: async context => (await import('./import-export.ts')).exportCatalogue(context),
    words: 1,
    usage: 'export [FILE] [--format csv|jsonl|xlsx] [--source NAME|--catalogue NAME]',
  },
  retry: { run: retry, words: 0, usage: 'retry' },
  stats: { run: stats, words: 0, usage: 'stats' },
  remove: { run: remove, words: MAX_WORDS - 1, usage: 'remove SOURCE|--catalogue NAME [OFFER…]' },
  copy: {
    run: async context => (await import('./copy.ts')).copy(context),
    words: 0,
    usage: 'copy --from STORE --to STORE',
  },
}

export const catalogueCommand: Command = {
  name: 'catalogue',
  positionals: '<sync|import|export|stats|retry|remove|copy> [...]',
  arity: { min: 1, max: MAX_WORDS },
  summary: `Work on the local catalogue: ${Object.values(ACTIONS)
    .map(action => action.usage)
    .join('; ')}.`,
  flags: {
    'max-credits': { value: 'N', help: 'sync: the most credits to spend. Default: what the rest of the index costs.' },
    format: {
      value: 'FORMAT',
      help: 'export: csv, jsonl or xlsx (with picture files of this computer in it). Default: by the name of the file, otherwise csv.',
    },
    catalogue: {
      value: 'NAME',
      help: 'import, export, stats, remove: one of several catalogues of imported offers, for example of a supplier or a season. Default: the one without a name.',
    },
    prune: { value: 'switch', help: 'import: remove offers of the catalogue that the file does not have.' },
    source: { value: 'NAME', help: 'export: only offers of this source, for example parse or import.' },
    'dry-run': {
      value: 'switch',
      help: 'import: show how columns are read, the first offers, and what is left out and why; store nothing.',
    },
    sheet: { value: 'NAME', help: 'import: the sheet of a workbook. Default: the one with most known columns.' },
    map: {
      value: 'COLUMN=FIELD',
      help: 'import: what a column is, for example "Unit Cost=price"; several separated by semicolons.',
    },
    rate: {
      value: 'USD=7.1',
      help: 'import: CNY for one unit of a currency that prices are in. Default: those of MCP1688_FX; without, such prices are only shown.',
    },
    pictures: {
      value: 'FOLDER',
      help: 'import: where picture files lie: those that the sheet names, and those named like an offer ID, SKU or title (MUG-01.jpg, MUG-01_2.jpg). Default: only those that the sheet names, in its own folder.',
    },
    encoding: {
      value: 'NAME',
      help: 'import: of a CSV or JSON Lines file, for example gbk or windows-1252. Default: recognised by content.',
    },
    for: {
      value: 'OWNER',
      help:
        'import, export, stats, remove: whose imported offers: all (every caller of serve sees them), or an account, such as the ID of a key. ' +
        'Default: your own on this computer, which no caller of serve sees.',
    },
    from: {
      value: 'STORE',
      help: 'copy: files (the data folder), store (the database of MCP1688_STORE), a folder or an address.',
    },
    to: { value: 'STORE', help: 'copy: as --from.' },
    json: FLAGS.json,
  },
  run: context => {
    const [name = '', ...words] = context.positionals
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (!action) {
      const usages = Object.values(ACTIONS).map(({ usage }) => usage)
      throw wrongUse(`Unknown action ${quoted(name)} for "mcp-1688 catalogue".`, usages.join(', or '))
    }
    if (words.length > action.words) {
      // `catalogue import *.csv` would silently take only the first file.
      throw wrongUse(
        `Unexpected argument ${quoted(words[action.words])} for "mcp-1688 catalogue ${name}".`,
        action.usage,
      )
    }
    return action.run(context)
  },
}

/** Shows the price before it is spent. An interrupted sync resumes where it stopped. */
async function sync(context: CommandContext): Promise<number> {
  const { app, signal, flags, notify, print } = context
  const maxCredits = numberOf(flags, 'max-credits', z.int().min(0).max(MAX_CREDITS)) ?? Number.POSITIVE_INFINITY
  const before = await app.services.getUsage()
  if (before.index) {
    const { source, creditsToFinish: cost } = before.index
    const payer = [before, ...(before.others ?? [])].find(({ upstream }) => upstream === source)
    const left = payer?.limits?.now?.creditsLeft ?? null
    const rest = `The rest of ${source}'s index costs ${counted(cost ?? undefined, 'credit')}`
    notify(left === null ? `${rest}.` : `${rest}; ${left} left.`)
  }
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
  const { stats: read } = await app.openCatalogue(ownerOf(flags))
  const name = catalogueOf(flags)
  const rows = (await read()).filter(({ source }) => name === null || source === catalogueSource(name))
  if (flags.json !== undefined) {
    print(JSON.stringify(rows.map(shapeCatalogueSource), null, 2))
    return 0
  }
  if (rows.length === 0) print('The catalogue is empty.')
  for (const row of rows) {
    const seen = `${day(row.firstSeenAt)} to ${day(row.lastSeenAt)}`
    print(
      `${row.source}: ${counted(row.offers, 'offer')}, ${row.withPicture} with a picture, ${row.embedded} ready to compare; seen ${seen}`,
    )
  }
  return 0
}

/** For pictures that failed: since then their host may have recovered, or an update may have fixed their decoder. */
async function retry({ app, flags, notify, print }: CommandContext): Promise<number> {
  const { catalogue, model, liftQuarantine } = await app.openCatalogue()
  await catalogue.checkKept()
  const pictures = await catalogue.listFailures(null, model, MAX_LISTED)
  const [failed, quarantined] = [await catalogue.forgetFailures(), liftQuarantine()]
  const failures = `${counted(failed, 'picture')} that failed and ${quarantined} in quarantine`
  print(
    flags.json === undefined
      ? `${failures} will be tried again by the next search or sync.`
      : JSON.stringify({ failed, quarantined, pictures: pictures.map(shapeFailedPicture) }),
  )
  for (const picture of pictures.slice(0, MAX_SHOWN)) {
    notify(`${picture.source} ${picture.offerId} ${quoted(picture.title)}: ${failureText(picture)}`)
  }
  if (failed > MAX_SHOWN) notify(`... and ${failed - MAX_SHOWN} more`)
  return 0
}

async function remove({ app, positionals, flags, print }: CommandContext): Promise<number> {
  const name = catalogueOf(flags)
  const words = positionals.slice(1)
  const [source, ...offerIds] = name === null ? words : [catalogueSource(name), ...words]
  if (source === undefined) {
    throw wrongUse(
      'remove needs the name of a source (catalogue stats lists them).',
      'remove import, optionally followed by offer IDs',
    )
  }
  const { catalogue, stats, dropPictures } = await app.openCatalogue(ownerOf(flags))
  await catalogue.checkKept()
  const named = offerIds.length === 0 ? null : offerIds
  const pictures = isImport(source) ? await picturesOfOffers(catalogue, source, named) : []
  const removed =
    source === SAMPLE_SOURCE && named === null
      ? await removeSample(catalogue, Date.now())
      : await catalogue.remove(source, named)
  await dropPictures(pictures)
  if (removed === 0 && source !== SAMPLE_SOURCE) checkSource(await stats(), source)
  const lasts = source === SAMPLE_SOURCE ? ' They return only where MCP1688_UPSTREAM names sample.' : ''
  print(
    flags.json === undefined
      ? `Removed ${counted(removed, 'offer')} of ${source}.${lasts}`
      : JSON.stringify({ source, removed }),
  )
  return 0
}

function shapeFailedPicture({ source, offerId, title, imageUrl, reason }: FailedPicture) {
  return { source, offer_id: offerId, title, picture: pictureName(imageUrl), reason }
}

async function openBar() {
  const { createProgressBar } = await import('../../terminal/progress-bar.ts')
  return createProgressBar(process.stderr)
}

function wrongUse(message: string, usage: string): AppError {
  return invalidInput(message, `Usage: mcp-1688 catalogue ${usage}.`)
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
