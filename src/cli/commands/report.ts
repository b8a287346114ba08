import path from 'node:path'
import { reportPage } from '../../shape/report/report.ts'
import { wantedOf } from '../../tools/paging.ts'
import { parseInput } from '../../tools/run.ts'
import { searchByImage } from '../../tools/search-by-image.ts'
import { version } from '../../version.ts'
import type { Command, CommandContext } from '../command.ts'
import { checkWritableFile, saveFile } from '../out-file.ts'
import { PAGING_FLAGS, pagingOf } from '../paging-flags.ts'

/** Where a report goes that nobody named. */
const DEFAULT_FILE = '1688-report.html'

/** Offers of a report where nobody says how many: what fits on a few printed pages. */
const DEFAULT_PAGE_SIZE = 20

/** Searches by a picture and writes the answer as one page for people. */
export const reportCommand: Command = {
  name: 'report',
  positionals: '<image>',
  arity: { min: 1, max: 1 },
  summary: 'Write a search as one HTML page with pictures and charts, to be sent or printed.',
  flags: {
    out: { value: 'FILE', help: `Where to write it; - is stdout. Default: ${DEFAULT_FILE}.` },
    ...PAGING_FLAGS,
    'page-size': { value: 'N', help: `Offers, 1-60. Default: ${DEFAULT_PAGE_SIZE}.` },
    fresh: { value: 'switch', help: 'Ask the upstream although a fresh answer is kept.' },
    json: { value: 'switch', help: 'Tell as JSON where it was written.' },
  },
  async run(context) {
    const { flags, print, tell } = context
    const { out = DEFAULT_FILE } = flags
    if (out === '-') {
      print((await makeReport(context)).trimEnd())
      return 0
    }
    // A place that cannot be written to should not cost a credit.
    await checkWritableFile(out)
    const page = await makeReport(context)
    await saveFile(out, page)
    const bytes = Buffer.byteLength(page)
    if (flags.json === undefined) tell(`Written to ${out} (${Math.ceil(bytes / 1000)} kB).`)
    else print(JSON.stringify({ file: path.resolve(out), bytes }, null, 2))
    return 0
  },
}

async function makeReport({ app, flags, positionals, signal }: CommandContext): Promise<string> {
  const { services } = app
  const call = { signal, refresh: flags.fresh !== undefined }
  const wanted = { page_size: DEFAULT_PAGE_SIZE, ...pagingOf(flags) }
  const input = parseInput(searchByImage, { image_url: positionals[0], ...wanted })
  const image = input.image_url
  // First, for a picture that cannot be shown cannot be searched by either, and this costs nothing.
  const queryPicture = await services.getThumbnail(image, call)
  const result = await services.searchByImage({ image, ...wantedOf(input) }, call)
  const offerIds = result.products.map(product => product.offer.offerId)
  const cards = await services.getCards({ offerIds, withThumbnails: true }, call)
  const thumbnails = new Map(
    cards.flatMap(({ offer, thumbnail }) => (thumbnail ? [[offer.offerId, thumbnail] as const] : [])),
  )
  return reportPage({ result, queryPicture, thumbnails, madeAt: Date.now(), version })
}
