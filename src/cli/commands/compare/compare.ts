import type { CompareResult } from '../../../offers/results/comparison-result.ts'
import type { LandedCostResult } from '../../../offers/results/landed-cost-result.ts'
import { thumbnailsOf } from '../../../offers/results/thumbnails.ts'
import type { DrawnPicture, ThumbnailType } from '../../../pictures/decoder/messages.ts'
import { compareSchema, shapeCompare } from '../../../shape/compare/compare.ts'
import { comparePage } from '../../../shape/compare/text.ts'
import type { Language } from '../../../shape/report/language.ts'
import { omitUnknown } from '../../../shape/text/values.ts'
import { compareProducts } from '../../../tools/buying/compare-products.ts'
import { parseInput } from '../../../tools/run.ts'
import { version } from '../../../version.ts'
import type { Command, CommandContext } from '../../command.ts'
import { sheetPictures } from '../../file-pictures.ts'
import { numberOf } from '../../flag-number.ts'
import { languageOf } from '../../language.ts'
import { PAGING_FLAGS } from '../../paging-flags.ts'
import { printReply } from '../../run-as-command.ts'
import { FLAGS } from '../../shared-flags.ts'
import { landedByOwnRates } from './landed.ts'

export const compareCommand: Command = {
  name: 'compare',
  positionals: '<offer> <offer> [...]',
  arity: { min: 2, max: 20 },
  summary: 'Compare 2-20 offers at one quantity: unit price, smallest order, total, place. Also as CSV, XLSX or HTML.',
  flags: {
    quantity: { value: 'N', help: 'Units to buy. Default: the smallest order of each offer.' },
    variant: FLAGS.variant,
    'max-moq': PAGING_FLAGS['max-moq'],
    'max-price': PAGING_FLAGS['max-price'],
    currency: FLAGS.currency,
    'dry-run': FLAGS['dry-run'],
    detailed: { value: 'switch', help: 'Add full titles, pictures and links.' },
    csv: { value: 'FILE', help: 'Also write the comparison as CSV.' },
    xlsx: { value: 'FILE', help: 'Also write it as an Excel sheet with pictures.' },
    html: { value: 'FILE', help: 'Also write it as one HTML page with pictures, to mail or print.' },
    photo: { value: 'IMAGE', help: 'Show this photo in the sheet and the page: the one you searched by.' },
    language: { value: 'en|zh', help: 'Language of these files. Default: en.' },
    'no-pictures': FLAGS['no-pictures'],
    fresh: FLAGS.fresh,
    json: FLAGS.json,
  },
  run: compare,
}

async function compare(context: CommandContext): Promise<number> {
  const { app, flags, signal, print } = context
  const input = parseInput(compareProducts, inputOf(context))
  const { quantity = null, variant = null, max_moq: maxMoq = null, max_unit_price: maxUnitPrice = null } = input
  // Before a credit is spent on a comparison that could not be written.
  const files = [flags.csv, flags.xlsx, flags.html]
  if (!input.dry_run) await checkWritable(files)
  const language = languageOf(flags.language)
  const photo = input.dry_run ? NO_PHOTO : await readPhoto(context)
  const { createProgressBar } = await import('../../terminal/progress-bar.ts')
  const bar = createProgressBar(process.stderr)
  const wishes = { quantity, variant, maxMoq, maxUnitPrice }
  const call = { signal, refresh: flags.fresh !== undefined, onProgress: bar.onProgress }
  const result = await app.services
    .compareOffers({ references: input.offer_ids, wishes, dryRun: input.dry_run, currency: input.currency }, call)
    .finally(bar.stop)
  const value = compareSchema.parse(shapeCompare(result, input.response_format))
  if (flags.json !== undefined) print(JSON.stringify(value, null, 2))
  else await printReply(context, { page: comparePage(value), offerIds: value.offers.map(offer => offer.offer_id) })
  if (input.dry_run || files.every(file => file === undefined)) return 0
  const landed = await landedByOwnRates(app.services, { references: input.offer_ids, wishes }, signal)
  await writeFiles(context, { compared: result, landed }, { language, photo })
  return 0
}

interface Photo {
  /** For a sheet. */
  jpeg: DrawnPicture | null
  /** For a page. */
  webp: DrawnPicture | null
}

const NO_PHOTO: Photo = { jpeg: null, webp: null }

/** @throws AppError for a picture that cannot be read, before anything is spent. */
async function readPhoto({ app, flags, signal }: CommandContext): Promise<Photo> {
  const { photo: image, xlsx, html } = flags
  if (image === undefined) return NO_PHOTO
  const drawnAs = (mediaType: ThumbnailType) => app.services.getThumbnail({ image, mediaType }, { signal })
  return {
    jpeg: xlsx === undefined ? null : await drawnAs('image/jpeg'),
    webp: html === undefined ? null : await drawnAs('image/webp'),
  }
}

/** With landed costs where the person has set rates. */
async function writeFiles(
  { app, flags, signal, notify }: CommandContext,
  offers: { compared: CompareResult; landed: LandedCostResult | null },
  { language, photo }: { language: Language; photo: Photo },
): Promise<void> {
  const { csv, xlsx, html } = flags
  const { csvOfOffers, pageOfOffers, xlsxOfOffers } = await import('../../../use-cases/buying/offer-files.ts')
  const { saveFile } = await import('../../out-file.ts')
  const offerIds = offers.compared.offers.map(({ details }) => details.offerId)
  const made = { language, madeAt: Date.now(), version }
  if (csv !== undefined) {
    await saveFile(csv, await csvOfOffers(offers))
    notify(`Wrote ${csv}.`)
  }
  if (xlsx !== undefined) {
    const pictures = await sheetPictures(offerIds, { app, signal })
    await saveFile(xlsx, await xlsxOfOffers(offers, pictures, { ...made, queryPicture: photo.jpeg }))
    notify(`Wrote ${xlsx}, with ${pictures.length} of ${offerIds.length} pictures.`)
  }
  if (html !== undefined) {
    const cards = await app.services.getCards({ offerIds, withThumbnails: true }, { signal })
    const thumbnails = thumbnailsOf(cards)
    await saveFile(html, pageOfOffers(offers, { ...made, thumbnails, queryPicture: photo.webp?.bytes ?? null }))
    notify(`Wrote ${html}, with ${thumbnails.size} of ${offerIds.length} pictures.`)
  }
}

/** @throws AppError `invalid_input` for the first of the files that cannot be written. */
async function checkWritable(files: readonly (string | undefined)[]): Promise<void> {
  const { checkWritableFile } = await import('../../out-file.ts')
  for (const file of files) if (file !== undefined) await checkWritableFile(file)
}

/** The flags as arguments of the tool, so that the same rules check them. */
function inputOf({ positionals, flags }: CommandContext): Record<string, unknown> {
  const { quantity, max_moq: maxMoq, max_unit_price: maxUnitPrice } = compareProducts.input.shape
  return {
    offer_ids: positionals,
    ...omitUnknown({
      quantity: numberOf(flags, 'quantity', quantity),
      variant: flags.variant,
      currency: flags.currency,
      max_moq: numberOf(flags, 'max-moq', maxMoq),
      max_unit_price: numberOf(flags, 'max-price', maxUnitPrice),
    }),
    dry_run: flags['dry-run'] !== undefined,
    response_format: flags.detailed === undefined ? 'concise' : 'detailed',
  }
}
