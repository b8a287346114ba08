/** `mcp-1688 catalogue import` and `export`. */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { type ExportFormat, exportOffers, exportWorkbook } from '../../../catalogue/export.ts'
import { parseMapping } from '../../../catalogue/import/columns/mapping.ts'
import {
  createTally,
  type ImportFile,
  type ImportReport,
  importOffers,
  openImportFile,
  type SheetReport,
} from '../../../catalogue/import/import-file.ts'
import { createFindRate, type FindRate, parseRates } from '../../../catalogue/import/rates.ts'
import type { RejectedRow } from '../../../catalogue/import/rows/read-rows.ts'
import { catalogueSource, OPERATOR } from '../../../catalogue/owners.ts'
import { type AppError, ERROR_CODES, invalidInput, throwIfAborted } from '../../../errors.ts'
import { quoted } from '../../../offers/text.ts'
import { createKeptPictures } from '../../../pictures/kept-pictures.ts'
import { readSheetPicture } from '../../../pictures/sheet-picture.ts'
import { counted } from '../../../shape/text/values.ts'
import { failedByRow } from '../../../use-cases/catalogue/failed-pictures.ts'
import type { CommandContext } from '../../command.ts'
import { saveFile } from '../../out-file.ts'
import { checkSource } from './known-source.ts'
import { catalogueOf, ownerOf } from './owner.ts'

/** Further bad rows are only counted. */
const SHOWN_REJECTS = 20

/** Picture files that no row has. */
const SHOWN_PICTURES = 5

/** By a dry run. */
const SHOWN_OFFERS = 3

/** Shows how the columns of a user's file are read, stores good rows, reports bad ones and embeds the pictures. */
export async function importFile(context: CommandContext): Promise<number> {
  const { app, config, positionals, flags, signal, notify, print } = context
  const [, file] = positionals
  if (file === undefined) {
    throw invalidInput(
      'import needs a file.',
      'For example: mcp-1688 catalogue import offers.csv (CSV, JSON Lines or XLSX).',
    )
  }
  const owner = ownerOf(flags)
  const name = catalogueOf(flags)
  const isDryRun = flags['dry-run'] !== undefined
  const kept = createKeptPictures(config.dataDir, owner === OPERATOR ? null : owner)
  const opened = await openImportFile(file, {
    keepPicture: isDryRun ? kept.addressOf : kept.keep,
    isKept: kept.isKept,
    encoding: flags.encoding,
    sheet: flags.sheet,
    pictures: await picturesFolder(flags.pictures),
    matchesNames: flags.pictures !== undefined,
    mapping: flags.map === undefined ? undefined : parseMapping(flags.map),
    findRate: await findRateFor(context),
    catalogue: name,
  })
  for (const { column, field, currency } of opened.columns) {
    if (column !== '')
      notify(`column ${JSON.stringify(column)}: ${field ?? 'not used'}${currency ? ` (${currency})` : ''}`)
  }
  const unmatched = opened.unmatchedPictures()
  tellUnmatched(context, unmatched)
  if (isDryRun) {
    const read = await readAll(context, opened)
    if (flags.json !== undefined) printJson(context, read, { unreadPictures: [], unmatchedPictures: unmatched })
    return report(context, read, 'would be imported')
  }
  const { catalogue, model, dropPictures } = await app.openCatalogue(owner)
  await catalogue.checkKept()
  const { createProgressBar } = await import('../../terminal/progress-bar.ts')
  const bar = createProgressBar(process.stderr)
  const onStored = (done: number): void => bar.onProgress({ done, message: `offers stored: ${done}` })
  const options = { now: Date.now(), signal, onStored, prune: flags.prune !== undefined }
  const imports = catalogue.importsOf(name)
  const result = await importOffers(imports, opened, options).finally(bar.stop)
  await dropPictures(result.droppedPictures)
  const exitCode = report(context, result, 'imported')
  const synced = await app
    .servicesOf(owner)
    .syncCatalogue({ maxCredits: 0, budgetMs: null }, { signal, onProgress: bar.onProgress })
    .finally(bar.stop)
  const failed = await failedByRow(imports, model, result.lines)
  if (flags.json === undefined) {
    if (failed.length > 0) notify('Kept, but pictures could not be read:')
    tellRows(context, failed)
    print(`The pictures of ${synced.compared} of ${counted(synced.offers, 'offer')} are ready to compare.`)
  } else printJson(context, result, { unreadPictures: failed, unmatchedPictures: unmatched })
  return exitCode
}

/** Writes the catalogue to a file, or to stdout. The name of the file says in which format. */
export async function exportCatalogue({
  app,
  positionals,
  flags,
  signal,
  notify,
  print,
}: CommandContext): Promise<number> {
  const [, file] = positionals
  const format = exportFormat(flags.format ?? /\.(jsonl|xlsx)$/i.exec(file ?? '')?.[1]?.toLowerCase() ?? 'csv')
  const { catalogue, stats } = await app.openCatalogue(ownerOf(flags))
  const name = catalogueOf(flags)
  const source = name === null ? flags.source : catalogueSource(name)
  if (source !== undefined) checkSource(await stats(), source)
  const sources = source === undefined ? null : [source]
  if (format === 'xlsx') {
    if (file === undefined) throw needsFile()
    const bytes = await exportWorkbook(catalogue, sources, { readPicture: readSheetPicture, signal })
    await saveFile(file, bytes, signal)
    notify(`Wrote ${file}.`)
    return 0
  }
  const pieces = exportOffers(catalogue, format, sources)
  if (file === undefined) {
    for await (const piece of pieces) {
      // No message after Ctrl-C or a closed pipe (`| head`).
      if (signal.aborted) return ERROR_CODES.cancelled.exitCode
      print(piece.replace(/\r?\n$/, ''))
    }
    return 0
  }
  await saveFile(file, pieces, signal)
  notify(`Wrote ${file}.`)
  return 0
}

/** Of the folder of pictures. */
function tellUnmatched({ notify }: CommandContext, files: readonly string[]): void {
  if (files.length === 0) return
  const names = files.slice(0, SHOWN_PICTURES).map(file => quoted(file))
  const more = files.length > names.length ? ` and ${files.length - names.length} more` : ''
  const verb = files.length === 1 ? 'matches' : 'match'
  notify(`${counted(files.length, 'picture file')} ${verb} no row by name: ${names.join(', ')}${more}.`)
}

/** `undefined` without the flag: the folder of the sheet. */
async function picturesFolder(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined
  const isFolder = await stat(folder).then(
    found => found.isDirectory(),
    () => false,
  )
  if (isFolder) return path.resolve(folder)
  throw invalidInput(
    `--pictures: no folder at ${quoted(folder)}.`,
    'Pass the folder that the picture files of the sheet lie in.',
  )
}

/** The rates of `--rate`, then those of MCP1688_FX. */
async function findRateFor({ app, flags, config, signal }: CommandContext): Promise<FindRate> {
  const given = flags.rate === undefined ? {} : parseRates(flags.rate)
  const source = config.fx === 'off' ? { find: async () => null } : (await app.openCatalogue()).exchangeRates
  return createFindRate(given, source, signal)
}

/** What a file would do to a catalogue is not known before. */
type DryReport = SheetReport & { imported: number; changes?: ImportReport['changes'] }

/** Shows the first offers as they would be stored. */
async function readAll({ signal, notify }: CommandContext, file: ImportFile): Promise<DryReport> {
  const tally = createTally()
  let imported = 0
  for await (const row of file.rows) {
    throwIfAborted(signal)
    tally.add(row)
    if ('reason' in row) continue
    imported += 1
    if (imported <= SHOWN_OFFERS) notify(`line ${row.line} would be: ${JSON.stringify(row.offer)}`)
  }
  return { imported, ...tally.report() }
}

/** Bad rows make the exit code that of bad input, though the good rows are kept. */
function report(
  context: CommandContext,
  { imported, changes, rejected, notes, unconverted, converted }: DryReport,
  verb: string,
): number {
  const { flags, print, notify } = context
  if (rejected.length > 0) notify('Left out:')
  tellRows(context, rejected)
  if (notes.length > 0) notify('Kept, but not all could be read:')
  tellRows(context, notes)
  for (const [currency, count] of Object.entries(unconverted)) {
    notify(
      `${counted(count, 'price')} in ${currency} ${count === 1 ? 'is' : 'are'} kept as quoted and left out of price comparisons; --rate ${currency}=… (CNY for one ${currency}) converts.`,
    )
  }
  for (const { currency, cny, from, date, prices } of converted) {
    notify(
      `${counted(prices, 'price')} in ${currency} converted at ${cny} CNY (${from}${date === null ? '' : `, ${date}`}).`,
    )
  }
  if (flags.json === undefined) {
    print(`${counted(imported, 'offer')} ${verb}, ${counted(rejected.length, 'row')} left out.`)
    if (changes) print(changesText(changes, flags.prune !== undefined))
  }
  return rejected.length === 0 ? 0 : 2
}

interface PictureProblems {
  unreadPictures: readonly RejectedRow[]
  unmatchedPictures: readonly string[]
}

function printJson({ print }: CommandContext, read: DryReport, pictures: PictureProblems): void {
  const { imported, changes, rejected, notes, unconverted, converted } = read
  print(JSON.stringify({ imported, changes, rejected, notes, ...pictures, unconverted, converted }, null, 2))
}

function tellRows({ notify }: CommandContext, rows: readonly RejectedRow[]): void {
  for (const { line, reason } of rows.slice(0, SHOWN_REJECTS)) notify(`line ${line}: ${reason}`)
  if (rows.length > SHOWN_REJECTS) notify(`... and ${rows.length - SHOWN_REJECTS} more`)
}

function needsFile(): AppError {
  return invalidInput(
    'An XLSX file cannot be printed.',
    'Name a file, for example: mcp-1688 catalogue export offers.xlsx.',
  )
}

function changesText({ added, changed, unchanged, missing, pruned }: ImportReport['changes'], prune: boolean): string {
  const counts = `${added} new, ${changed} changed, ${unchanged} unchanged`
  if (missing === 0) return `${counts}.`
  if (pruned > 0) return `${counts}; ${counted(pruned, 'offer')} removed that the file no longer has.`
  const why = prune ? 'kept, since rows were left out' : 'kept; --prune removes them'
  return `${counts}; ${counted(missing, 'offer')} of the catalogue not in the file, ${why}.`
}

function exportFormat(text: string): ExportFormat | 'xlsx' {
  if (text === 'csv' || text === 'jsonl' || text === 'xlsx') return text
  throw invalidInput(`Unknown format ${quoted(text)}.`, 'Use --format csv, --format jsonl or --format xlsx.')
}
