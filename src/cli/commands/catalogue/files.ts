import { stat } from 'node:fs/promises'
import path from 'node:path'
import { type ExportFormat, exportOffers } from '../../../catalogue/export.ts'
import {
  type ImportFile,
  importOffers,
  openImportFile,
  type RejectedRow,
} from '../../../catalogue/import/import-file.ts'
import { AppError, ERROR_CODES, throwIfAborted } from '../../../errors.ts'
import { quoted } from '../../../offers/text.ts'
import { counted } from '../../../shape/text/values.ts'
import type { CommandContext } from '../../command.ts'
import { saveFile } from '../../out-file.ts'
import { checkSource } from './known-source.ts'
import { ownerOf } from './owner.ts'

/** Further bad rows are only counted. */
const SHOWN_REJECTS = 20

/** Shows how the columns of a user's file are read, stores good rows, reports bad ones and embeds the pictures. */
export async function importFile(context: CommandContext): Promise<number> {
  const { app, positionals, flags, signal, notify, print } = context
  const [, file] = positionals
  if (file === undefined) {
    throw new AppError({
      code: 'invalid_input',
      message: 'import needs a file.',
      hint: 'For example: mcp-1688 catalogue import offers.csv (CSV, JSON Lines or XLSX).',
    })
  }
  const opened = await openImportFile(file, {
    encoding: flags.encoding,
    pictures: await picturesFolder(flags.pictures),
  })
  for (const { column, field, note } of opened.columns) {
    if (column === '') continue
    notify(`column ${JSON.stringify(column)}: ${field ?? (note === undefined ? 'not used' : `not used (${note})`)}`)
  }
  if (flags['dry-run'] !== undefined) return report(context, await readAll(opened, signal), 'would be imported')
  const owner = ownerOf(flags)
  const { catalogue } = await app.openCatalogue(owner)
  await catalogue.checkKept()
  const result = await importOffers(catalogue, opened, { now: Date.now(), signal })
  const exitCode = report(context, result, 'imported')
  const { createProgressBar } = await import('../../terminal/progress-bar.ts')
  const bar = createProgressBar(process.stderr)
  const synced = await app
    .servicesOf(owner)
    .syncCatalogue({ maxCredits: 0, budgetMs: null }, { signal, onProgress: bar.onProgress })
    .finally(bar.stop)
  if (flags.json === undefined)
    print(`The pictures of ${synced.compared} of ${counted(synced.offers, 'offer')} are ready to compare.`)
  return exitCode
}

/** Writes the catalogue to a file, or to stdout. */
export async function exportCatalogue({
  app,
  positionals,
  flags,
  signal,
  notify,
  print,
}: CommandContext): Promise<number> {
  const [, file] = positionals
  const format = exportFormat(flags.format ?? (file?.endsWith('.jsonl') ? 'jsonl' : 'csv'))
  const { catalogue, stats } = await app.openCatalogue(ownerOf(flags))
  if (flags.source !== undefined) checkSource(await stats(), flags.source)
  const pieces = exportOffers(catalogue, format, flags.source === undefined ? null : [flags.source])
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

/** `undefined` without the flag: the folder of the sheet. */
async function picturesFolder(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined
  const isFolder = await stat(folder).then(
    found => found.isDirectory(),
    () => false,
  )
  if (isFolder) return path.resolve(folder)
  throw new AppError({
    code: 'invalid_input',
    message: `--pictures: no folder at ${quoted(folder)}.`,
    hint: 'Pass the folder that the picture files of the sheet lie in.',
  })
}

async function readAll(file: ImportFile, signal: AbortSignal): Promise<{ imported: number; rejected: RejectedRow[] }> {
  const rejected: RejectedRow[] = []
  let imported = 0
  for await (const row of file.rows) {
    throwIfAborted(signal)
    if ('reason' in row) rejected.push(row)
    else imported += 1
  }
  return { imported, rejected }
}

/** Bad rows make the exit code that of bad input, though the good rows are kept. */
function report(
  { flags, print, notify }: CommandContext,
  { imported, rejected }: { imported: number; rejected: readonly RejectedRow[] },
  verb: string,
): number {
  for (const { line, reason } of rejected.slice(0, SHOWN_REJECTS)) notify(`line ${line}: ${reason}`)
  if (rejected.length > SHOWN_REJECTS) notify(`... and ${rejected.length - SHOWN_REJECTS} more`)
  if (flags.json === undefined)
    print(`${counted(imported, 'offer')} ${verb}, ${counted(rejected.length, 'row')} left out.`)
  else print(JSON.stringify({ imported, rejected }, null, 2))
  return rejected.length === 0 ? 0 : 2
}

function exportFormat(text: string): ExportFormat {
  if (text === 'csv' || text === 'jsonl') return text
  throw new AppError({
    code: 'invalid_input',
    message: `Unknown format ${JSON.stringify(text.slice(0, 20))}.`,
    hint: 'Use --format csv or --format jsonl.',
  })
}
