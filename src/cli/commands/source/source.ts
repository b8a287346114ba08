import { type AppError, invalidInput } from '../../../errors.ts'
import type { SourceManyResult } from '../../../offers/results/source-many-result.ts'
import type { DrawnPicture } from '../../../pictures/decoder/messages.ts'
import type { Language } from '../../../shape/report/language.ts'
import { shapeSourceMany, sourceManySchema } from '../../../shape/search/source-many.ts'
import { SOURCE_COLUMNS, sourceRows } from '../../../shape/search/source-many-rows.ts'
import { sourceManyPage } from '../../../shape/search/source-many-text.ts'
import { omitUnknown } from '../../../shape/text/values.ts'
import { MAX_PRODUCTS as MAX_OF_A_CALL, sourceMany } from '../../../tools/buying/source-many.ts'
import { parseInput } from '../../../tools/run.ts'
import type { WantedProduct } from '../../../use-cases/buying/source-many.ts'
import { version } from '../../../version.ts'
import type { Command, CommandContext } from '../../command.ts'
import { drawnPhoto, sheetPictures } from '../../file-pictures.ts'
import { numberOf } from '../../flag-number.ts'
import { languageOf } from '../../language.ts'
import { PAGING_FLAGS } from '../../paging-flags.ts'
import { printReply } from '../../run-as-command.ts'
import { FLAGS } from '../../shared-flags.ts'

export const sourceCommand: Command = {
  name: 'source',
  positionals: '<sheet-or-folder>',
  arity: { min: 1, max: 1 },
  summary: 'Find sellers for each product of a sheet or folder of photos, and who has several of them. Also as XLSX.',
  flags: {
    xlsx: { value: 'FILE', help: 'Also write the shortlists as an Excel sheet with pictures.' },
    language: { value: 'en|zh', help: 'Language of that sheet. Default: en.' },
    'offers-each': { value: 'N', help: 'Length of each shortlist, 1-5. Default: 3.' },
    'max-price': PAGING_FLAGS['max-price'],
    location: PAGING_FLAGS.location,
    seller: PAGING_FLAGS.seller,
    'max-credits': { value: 'N', help: `Most credits to spend; needed for more than ${MAX_OF_A_CALL} products.` },
    'dry-run': FLAGS['dry-run'],
    fresh: FLAGS.fresh,
    json: FLAGS.json,
  },
  notes: {
    title: 'Columns',
    rows: [
      ['image', 'A path beside the sheet, a URL, or a picture in the cell. Also 图片.'],
      ['keyword', 'Words to search by, instead of a picture; preferably Chinese. Also title, 关键词, 产品名称.'],
      ['quantity', 'Units; if empty, the smallest order of each offer. Also qty, 数量.'],
    ],
  },
  run: source,
}

async function source(context: CommandContext): Promise<number> {
  const { app, flags, signal, print, notify, positionals } = context
  const { readProducts } = await import('./read-products.ts')
  const products = await readProducts(positionals[0] ?? '')
  const { shape } = sourceMany.input
  const maxCredits = numberOf(flags, 'max-credits', shape.max_credits)
  const dryRun = flags['dry-run'] !== undefined
  if (maxCredits === null && !dryRun && products.length > MAX_OF_A_CALL) throw needsBudget(products.length)
  const offersEach = numberOf(flags, 'offers-each', shape.offers_each) ?? 3
  // The tool's own rules check the filters.
  const {
    max_price: maxPrice,
    location,
    seller,
  } = parseInput(sourceMany, {
    keywords: ['-'],
    ...omitUnknown({
      max_price: numberOf(flags, 'max-price', shape.max_price),
      location: flags.location,
      seller: flags.seller,
    }),
  })
  const language = languageOf(flags.language)
  if (flags.xlsx !== undefined && !dryRun) {
    const { checkWritableFile } = await import('../../out-file.ts')
    await checkWritableFile(flags.xlsx)
  }
  const { createProgressBar } = await import('../../terminal/progress-bar.ts')
  const bar = createProgressBar(process.stderr)
  const result = await app.services
    .sourceMany(
      {
        products,
        dryRun,
        maxCredits: maxCredits ?? 2 * products.length,
        budgetMs: null,
        filters: omitUnknown({ maxPrice, location, seller: seller === 'any' ? null : seller }),
      },
      { signal, refresh: flags.fresh !== undefined, endsProcess: true, onProgress: bar.onProgress },
    )
    .finally(bar.stop)
  const value = sourceManySchema.parse(shapeSourceMany(result, offersEach))
  if (flags.json !== undefined) print(JSON.stringify(value, null, 2))
  else await printReply(context, { page: sourceManyPage(value), offerIds: [] })
  if (flags.xlsx !== undefined && !dryRun)
    notify(await writeSheet(context, { file: flags.xlsx, language, products, result, offersEach }))
  return 0
}

interface SheetParts {
  file: string
  language: Language
  products: readonly WantedProduct[]
  result: SourceManyResult
  offersEach: number
}

/** @returns what to tell the person. */
async function writeSheet(
  context: CommandContext,
  { file, language, products, result, offersEach }: SheetParts,
): Promise<string> {
  const { xlsxOf } = await import('../../../sheets/write/xlsx.ts')
  const { offersSheet } = await import('../../../use-cases/buying/offer-files.ts')
  const { titleLines } = await import('../../../shape/sheet/title-block.ts')
  const { wordsOf } = await import('../../../shape/report/words.ts')
  const { saveFile } = await import('../../out-file.ts')
  const words = wordsOf(language)
  const rows = sourceRows(result, offersEach, words)
  const offerIds = [...new Set(rows.flatMap(row => (row.offer_id == null ? [] : String(row.offer_id))))]
  const pictures = await sheetPictures(offerIds, context)
  const photos = await photosOf(products, context)
  const firstRows = [...photos].map(([at, photo]) => [rows.findIndex(row => row.product === at + 1), photo] as const)
  const { source, credits, remarks } = result
  const title = titleLines(
    {
      title: words.shortlists(result.products.length),
      source,
      spent: credits.spent,
      remarks,
      currency: null,
      madeAt: Date.now(),
      version,
    },
    language,
  )
  const sheet = offersSheet(SOURCE_COLUMNS, rows, {
    title,
    queryPicture: null,
    pictures,
    photos: new Map(firstRows),
    language,
  })
  await saveFile(file, await xlsxOf([sheet]))
  return `Wrote ${file}, with ${pictures.length} of ${offerIds.length} pictures.`
}

/** As large as the pictures of the offers, in pixels. */
const PHOTO_SIDE = 160

/** Of the products that are searched by photo. One after the other: each may be large. */
async function photosOf(
  products: readonly WantedProduct[],
  context: CommandContext,
): Promise<ReadonlyMap<number, DrawnPicture>> {
  const photos = new Map<number, DrawnPicture>()
  for (const [at, product] of products.entries()) {
    if (!('image' in product)) continue
    const photo = await drawnPhoto({ image: product.image, mediaType: 'image/jpeg', side: PHOTO_SIDE }, context)
    if (photo) photos.set(at, photo)
  }
  return photos
}

function needsBudget(count: number): AppError {
  return invalidInput(
    `${count} products may cost one or two credits each.`,
    'Run it with --dry-run for the price, then with --max-credits N.',
  )
}
