import path from 'node:path'
import { thumbnailsOf } from '../../offers/results/thumbnails.ts'
import { reportPage } from '../../shape/report/report.ts'
import { parseInput } from '../../tools/run.ts'
import { pageRequestOf } from '../../tools/search/paging.ts'
import { searchByImage } from '../../tools/search/search-by-image.ts'
import { version } from '../../version.ts'
import type { Command, CommandContext } from '../command.ts'
import { checkWritableFile, saveFile } from '../out-file.ts'
import { PAGING_FLAGS, pagingOf } from '../paging-flags.ts'

const DEFAULT_FILE = '1688-report.html'

/** Fits on a few printed pages. */
const DEFAULT_PAGE_SIZE = 20

export const reportCommand: Command = {
  name: 'report',
  positionals: '<image>',
  arity: { min: 1, max: 1 },
  summary: 'Search by a picture and write the result as one HTML page with pictures and charts, to mail or print.',
  flags: {
    out: { value: 'FILE', help: `File to write; - is stdout. Default: ${DEFAULT_FILE}.` },
    ...PAGING_FLAGS,
    'page-size': { value: 'N', help: `Number of offers, 1-60. Default: ${DEFAULT_PAGE_SIZE}.` },
    fresh: { value: 'switch', help: 'Ask the upstream even if a fresh answer is cached.' },
    json: { value: 'switch', help: 'Print the path of the file as JSON.' },
  },
  async run(context) {
    const { flags, print, notify } = context
    const { out = DEFAULT_FILE } = flags
    if (out === '-') {
      print((await makeReport(context)).trimEnd())
      return 0
    }
    // Before a credit is spent on a report that could not be written.
    await checkWritableFile(out)
    const page = await makeReport(context)
    await saveFile(out, page)
    const bytes = Buffer.byteLength(page)
    if (flags.json === undefined) notify(`Wrote ${out} (${Math.ceil(bytes / 1000)} kB).`)
    else print(JSON.stringify({ file: path.resolve(out), bytes }, null, 2))
    return 0
  },
}

async function makeReport({ app, flags, positionals, signal }: CommandContext): Promise<string> {
  const { services } = app
  const call = { signal, refresh: flags.fresh !== undefined }
  const paging = { page_size: DEFAULT_PAGE_SIZE, ...pagingOf(flags) }
  const input = parseInput(searchByImage, { image_url: positionals[0], ...paging })
  const { image_url: image = '' } = input
  const result = await services.searchByImage({ image, ...pageRequestOf(input) }, call)
  // After the search, which may have to find the picture of an offer first.
  const queryPicture = await services.getThumbnail(image, call)
  const offerIds = result.products.map(product => product.offer.offerId)
  const cards = await services.getCards({ offerIds, withThumbnails: true }, call)
  return reportPage({ result, queryPicture, thumbnails: thumbnailsOf(cards), madeAt: Date.now(), version })
}
