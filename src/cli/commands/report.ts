import path from 'node:path'
import { type AppError, invalidInput } from '../../errors.ts'
import { inCurrency } from '../../offers/results/in-currency.ts'
import { thumbnailsOf } from '../../offers/results/thumbnails.ts'
import type { Language } from '../../shape/report/language.ts'
import { omitUnknown } from '../../shape/text/values.ts'
import { compareProducts } from '../../tools/buying/compare-products.ts'
import { parseInput } from '../../tools/run.ts'
import { pageRequestOf } from '../../tools/search/paging.ts'
import { searchByImage } from '../../tools/search/search-by-image.ts'
import { version } from '../../version.ts'
import type { Command, CommandContext } from '../command.ts'
import { numberOf } from '../flag-number.ts'
import { languageOf } from '../language.ts'
import { checkWritableFile, saveFile } from '../out-file.ts'
import { PAGING_FLAGS, pagingOf } from '../paging-flags.ts'
import { FLAGS } from '../shared-flags.ts'
import { landedByOwnRates } from './compare/landed.ts'

const DEFAULT_FILE = '1688-report.html'

/** Fits on a few printed pages. */
const DEFAULT_PAGE_SIZE = 20

export const reportCommand: Command = {
  name: 'report',
  positionals: '[image]',
  arity: { min: 0, max: 1 },
  summary:
    'Search by a picture, or compare offers, and write the result as one HTML page with pictures, to mail or print.',
  flags: {
    out: { value: 'FILE', help: `File to write; - is stdout. Default: ${DEFAULT_FILE}.` },
    all: { value: 'switch', help: 'Also list the offers that are not alike.' },
    compare: {
      value: 'IDS',
      help: 'Instead of searching: 2-20 offers, separated by commas, with landed costs if "mcp-1688 costs" has rates, and the picture beside them.',
    },
    quantity: { value: 'N', help: 'Units to buy, for --compare. Default: the smallest order of each offer.' },
    variant: { value: 'NAME', help: 'Name of the variant to price, for --compare.' },
    ...PAGING_FLAGS,
    'page-size': { value: 'N', help: `Number of offers, 1-60. Default: ${DEFAULT_PAGE_SIZE}.` },
    currency: FLAGS.currency,
    language: { value: 'en|zh', help: 'Language of the page. Default: en.' },
    fresh: FLAGS.fresh,
    json: { value: 'switch', help: 'Print the path of the file as JSON.' },
  },
  async run(context) {
    const { flags, print, notify, positionals } = context
    const { out = DEFAULT_FILE } = flags
    const make = flags.compare === undefined ? makeReport : makeComparison
    if (positionals[0] === undefined && flags.compare === undefined) throw nothingToReport()
    const language = languageOf(flags.language)
    if (out === '-') {
      print((await make(context, language)).trimEnd())
      return 0
    }
    // Before a credit is spent on a report that could not be written.
    await checkWritableFile(out)
    const page = await make(context, language)
    await saveFile(out, page)
    const bytes = Buffer.byteLength(page)
    if (flags.json === undefined) notify(`Wrote ${out} (${Math.ceil(bytes / 1000)} kB).`)
    else print(JSON.stringify({ file: path.resolve(out), bytes }, null, 2))
    return 0
  },
}

async function makeReport({ app, flags, positionals, signal }: CommandContext, language: Language): Promise<string> {
  const { services } = app
  const call = { signal, refresh: flags.fresh !== undefined }
  const paging = { page_size: DEFAULT_PAGE_SIZE, ...pagingOf(flags), ...omitUnknown({ currency: flags.currency }) }
  const input = parseInput(searchByImage, { image_url: positionals[0], ...paging })
  const { image_url: image = '' } = input
  const result = await services.searchByImage({ image, ...pageRequestOf(input) }, call)
  const currency = await services.findCurrency(input, call)
  // After the search, which may have to find the picture of an offer first.
  const queryPicture = (await services.getThumbnail({ image, mediaType: 'image/webp' }, call)).bytes
  const showsAll = flags.all !== undefined
  const shown = result.products.filter(({ likeness }) => showsAll || likeness !== 'not alike')
  const offerIds = shown.map(product => product.offer.offerId)
  const thumbnails = thumbnailsOf(await services.getCards({ offerIds, withThumbnails: true }, call))
  const { reportPage } = await import('../../shape/report/report.ts')
  return reportPage({
    result: inCurrency(result, currency),
    queryPicture,
    showsAll,
    thumbnails,
    language,
    madeAt: Date.now(),
    version,
  })
}

async function makeComparison(
  { app, flags, positionals, signal }: CommandContext,
  language: Language,
): Promise<string> {
  const { services } = app
  const [image] = positionals
  const call = { signal, refresh: flags.fresh !== undefined }
  const { offer_ids: references, ...input } = parseInput(compareProducts, {
    offer_ids: flags.compare,
    ...omitUnknown({
      quantity: numberOf(flags, 'quantity', compareProducts.input.shape.quantity),
      variant: flags.variant,
      currency: flags.currency,
    }),
  })
  const { quantity = null, variant = null, currency } = input
  const wishes = { quantity, variant, maxMoq: null, maxUnitPrice: null }
  // Before a credit is spent: the picture may be misspelt.
  const photo = image === undefined ? null : await services.getThumbnail({ image, mediaType: 'image/webp' }, call)
  const compared = await services.compareOffers({ references, wishes, dryRun: false, currency }, call)
  const landed = await landedByOwnRates(services, { references, wishes }, signal)
  const offerIds = compared.offers.map(({ details }) => details.offerId)
  const thumbnails = thumbnailsOf(await services.getCards({ offerIds, withThumbnails: true }, call))
  const { offersPage } = await import('../../shape/report/offers-page.ts')
  const queryPicture = photo?.bytes ?? null
  return offersPage({ compared, landed, queryPicture, thumbnails, language, madeAt: Date.now(), version })
}

function nothingToReport(): AppError {
  return invalidInput(
    'report needs a picture, or offers to --compare.',
    'For example: mcp-1688 report photo.jpg, or mcp-1688 report --compare 10008,10002 --quantity 500.',
  )
}
