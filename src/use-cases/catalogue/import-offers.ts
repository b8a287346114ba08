/** Imports a sheet of the user's own offers in two steps: a reading to be looked at, then the same reading to be kept. */
import { createHash } from 'node:crypto'
import { IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { type Holdings, withinRoom } from '../../catalogue/holdings.ts'
import { parseMapping } from '../../catalogue/import/columns/mapping.ts'
import { createTally, type ImportFile, importOffers, openImportFile } from '../../catalogue/import/import-file.ts'
import { withPrivateCopy } from '../../catalogue/import/private-copy.ts'
import { createFindRate, parseRates, type RateSource } from '../../catalogue/import/rates.ts'
import type { SentPictures } from '../../catalogue/import/sent-pictures.ts'
import { listMissing, removeOffers } from '../../catalogue/import/update.ts'
import { isImport, type OwnedCatalogue, type OwnImports } from '../../catalogue/owners.ts'
import { type AppError, invalidInput, throwIfAborted } from '../../errors.ts'
import { picturesOf } from '../../offers/offer.ts'
import type { ImportResult } from '../../offers/results/import-result.ts'
import { quoted } from '../../offers/text.ts'
import { MAX_PICTURE_BYTES } from '../../pictures/failures.ts'
import { readPictureFile } from '../../pictures/file.ts'
import { findFile } from '../../pictures/find-file.ts'
import type { KeptPictures } from '../../pictures/kept-pictures.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { indexCallOf, type PictureIndexer } from '../picture-indexer.ts'
import type { DropPictures } from './drop-pictures.ts'
import { failedByRow } from './failed-pictures.ts'
import { makeRoomForPictures, type SheetContents } from './import-room.ts'

/** Enough to see whether the columns are read right. */
const SAMPLES = 3

/** Of a reading's name: enough for no two readings to share it by chance. */
const READING_CHARS = 16

export interface ImportRequest {
  sheet: NamedSheet | SentSheet
  /** Of a workbook; `null` for the one that has offers. */
  sheetName: string | null
  /** What columns are that have other names, such as `Unit Cost=price`. */
  map: string | null
  /** Such as `USD=7.1`; `null` for those of the configuration. */
  rates: string | null
  /** Of a text file; `null` to recognise it. */
  encoding: string | null
}

/** On this computer. */
export interface NamedSheet {
  kind: 'path'
  path: string
  /** The reading to keep; `null` to store nothing. */
  confirm: string | null
}

/** By a caller on another computer: it can name no file of this one as a picture. */
export interface SentSheet {
  kind: 'upload'
  /** Where it was received. */
  file: string
  /** Where the pictures were received that came with it, by `sentName`. */
  pictures: ReadonlyMap<string, string>
  keep: boolean
  /** Whether own offers that the sheet lacks are removed. */
  prune: boolean
  /** The most own offers that the caller may have; `null` for as many as they like. */
  mostOffers: number | null
}

export interface ImportDeps {
  catalogue: OwnedCatalogue
  indexer: PictureIndexer
  embedder: Pick<Embedder, 'id'>
  keptPictures: KeptPictures
  holdings: Holdings
  dropPictures: DropPictures
  /** Of the owner's files; `null` where they are not counted. */
  storedBytes: () => Promise<number | null>
  /** What `~` in a path stands for. */
  homeDir: string
  exchangeRates: RateSource
  now: () => number
}

export function createImportOffers(deps: ImportDeps) {
  const { catalogue, indexer, embedder, keptPictures, holdings, dropPictures, homeDir, exchangeRates, now } = deps

  return async function importSheet(request: ImportRequest, call: CallOptions): Promise<ImportResult> {
    const { sheet, sheetName } = request
    const { signal } = call
    const findRate = createFindRate(request.rates === null ? {} : parseRates(request.rates), exchangeRates, signal)
    const mapping = request.map === null ? undefined : parseMapping(request.map)
    const encoding = request.encoding ?? undefined
    const options = { isKept: keptPictures.isKept, encoding, mapping, findRate, sheet: sheetName ?? undefined }
    const most = sheet.kind === 'upload' ? sheet.mostOffers : null
    const run = async (file: string, pictures: string | SentPictures, isKept: (reading: string) => boolean) => {
      const open = (keepPicture: KeptPictures['keep']) => openImportFile(file, { ...options, pictures, keepPicture })
      const { contents, ...read } = await readThrough(open, keptPictures, signal)
      if (!isKept(read.reading)) return { ...read, isImported: false, changes: null, own: null }
      await catalogue.checkKept()
      const imports = catalogue.importsOf(null)
      const pruned = sheet.kind === 'upload' && sheet.prune ? await pruneBefore(imports, contents, read, most) : null
      const opened = await open(most === null ? keptPictures.keep : await makeRoomForPictures(contents, most, deps))
      const rows = most === null ? opened.rows : withinRoom(opened.rows, { holdings, most, expected: read.offers })
      const stored = await importOffers(imports, { ...opened, rows }, { now: now(), signal })
      const { imported: offers, rejected, lines } = stored
      const missing = stored.changes.missing + (pruned ?? 0)
      await dropPictures(stored.droppedPictures)
      const own = await preparePictures(call)
      const failed = await failedByRow(imports, embedder.id, lines)
      const notes = [...read.notes, ...failed]
      return {
        ...read,
        offers,
        rejected,
        isImported: true,
        changes: { ...stored.changes, missing, pruned },
        own,
        notes,
      }
    }
    if (sheet.kind === 'upload')
      return { ...(await run(sheet.file, readable(sheet.pictures), () => sheet.keep)), reading: null }
    const found = await findFile(sheet.path, homeDir)
    if (found === null) throw sheetNotFound(sheet.path)
    return withPrivateCopy(found, ({ file, folder }) => run(file, folder, reading => isConfirmed(reading, sheet)))
  }

  /**
   * Removes offers that the sheet lacks, so that they make room for those it brings: not if a row cannot be read, since
   * it may be of any offer, nor if there would be too many offers even so.
   */
  async function pruneBefore(
    imports: OwnImports,
    { ids }: SheetContents,
    { offers, rejected }: Pick<ImportResult, 'offers' | 'rejected'>,
    most: number | null,
  ): Promise<number> {
    if (rejected.length > 0) return 0
    const { missing, present } = await listMissing(imports, ids)
    const others = (await holdings.count()) - missing.length - present
    if (most !== null && others + offers > most) return 0
    const { count, pictures } = await removeOffers(imports, missing)
    await dropPictures(pictures)
    return count
  }

  /** For as long as the call has time; the rest goes on in the background. */
  async function preparePictures(call: CallOptions): Promise<ImportResult['own']> {
    await withinTime(CALL_BUDGET.indexingFound.callerMs, call.signal, budget =>
      settledOrAborted(indexer.run([IMPORT_SOURCE], indexCallOf(call)), budget),
    )
    const stats = (await catalogue.stats(embedder.id)).filter(({ source }) => isImport(source))
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
    return {
      offers: sum(stats.map(each => each.offers)),
      compared: sum(stats.map(each => each.embedded)),
      isReading: indexer.isRunning,
    }
  }
}

function readable(files: SentSheet['pictures']): SentPictures {
  const entries = Array.from(files, ([name, file]) => {
    return [name, { name: file, read: () => readPictureFile(file, MAX_PICTURE_BYTES) }] as const
  })
  return new Map(entries)
}

/** Everything that a person has to see before they agree, and what the sheet brings. */
async function readThrough(
  open: (keepPicture: KeptPictures['keep']) => Promise<ImportFile>,
  { addressOf }: KeptPictures,
  signal: AbortSignal,
) {
  const ids = new Set<string>()
  const pictures = new Set<string>()
  const sizes = new Map<string, number>()
  const { columns, rows, unmatchedPictures } = await open(async bytes => {
    const address = await addressOf(bytes)
    sizes.set(address, bytes.length)
    return address
  })
  const hash = createHash('sha256').update(JSON.stringify(columns))
  const tally = createTally()
  const samples: { line: number; offer: ImportResult['samples'][number]['offer'] }[] = []
  let offers = 0
  for await (const row of rows) {
    throwIfAborted(signal)
    tally.add(row)
    hash.update(JSON.stringify(row))
    if ('reason' in row) continue
    offers += 1
    for (const id of [row.offer.offerId, row.formerId]) if (id !== null) ids.add(id)
    for (const picture of picturesOf(row.offer)) pictures.add(picture)
    if (samples.length < SAMPLES) samples.push({ line: row.line, offer: row.offer })
  }
  const reading = hash.digest('hex').slice(0, READING_CHARS)
  const unusedPictures = unmatchedPictures()
  return { reading, columns, offers, samples, ...tally.report(), unusedPictures, contents: { ids, pictures, sizes } }
}

function sheetNotFound(path: string): AppError {
  return invalidInput(
    `No file at ${quoted(path)} on this computer.`,
    'Pass the full path of the sheet; a relative path starts in the folder the server was started in.',
  )
}

/** @throws AppError `invalid_input` if another reading was confirmed. */
function isConfirmed(reading: string, { confirm }: NamedSheet): boolean {
  if (confirm !== null && confirm !== reading) throw otherReading(confirm)
  return confirm !== null
}

function otherReading(confirm: string): AppError {
  return invalidInput(
    `The file is no longer read as in ${quoted(confirm)}: it has changed, or other arguments were passed.`,
    'Call again without confirm, show the person the new reading, then confirm that one with the same arguments.',
  )
}
