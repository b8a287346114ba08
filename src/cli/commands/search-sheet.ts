/** `search --xlsx`: an Excel sheet of what was found, beside the printed reply. */
import { inCurrency } from '../../offers/results/in-currency.ts'
import type { SearchResult } from '../../offers/results/results.ts'
import type { DrawnPicture } from '../../pictures/decoder/messages.ts'
import { parseRegion } from '../../pictures/decoder/region.ts'
import type { Language } from '../../shape/report/language.ts'
import { xlsxOfSearch } from '../../use-cases/buying/offer-files.ts'
import { version } from '../../version.ts'
import type { CommandContext } from '../command.ts'
import { drawnPhoto, sheetPictures } from '../file-pictures.ts'
import { checkWritableFile, saveFile } from '../out-file.ts'

/** @param search prints its reply. @returns its exit code. */
export async function searchIntoSheet(
  file: string,
  language: Language,
  context: CommandContext,
  search: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const { app, signal, notify } = context
  const { services } = app
  // Before a credit is spent on a search that could not be written.
  await checkWritableFile(file)
  const found: SearchResult[] = []
  const noting = async (result: Promise<SearchResult>) => {
    found.push(await result)
    return result
  }
  const searching = {
    ...services,
    searchByImage: (...call: Parameters<typeof services.searchByImage>) => noting(services.searchByImage(...call)),
    searchByKeyword: (...call: Parameters<typeof services.searchByKeyword>) =>
      noting(services.searchByKeyword(...call)),
  }
  const exitCode = await search({ ...context, app: { ...app, services: searching } })
  const [result] = found
  if (result === undefined) return exitCode
  const offerIds = result.products.map(({ offer }) => offer.offerId)
  const [pictures, queryPicture, currency] = await Promise.all([
    sheetPictures(offerIds, context),
    photoOf(context),
    services.findCurrency({ currency: context.flags.currency }, { signal }),
  ])
  const sheet = { result: inCurrency(result, currency), isPhoto: context.positionals.length > 0 }
  await saveFile(
    file,
    await xlsxOfSearch(sheet, pictures, { language, queryPicture, madeAt: Date.now(), version }),
    signal,
  )
  notify(`Wrote ${file}, with ${pictures.length} of ${offerIds.length} pictures.`)
  return exitCode
}

/** `null` for a search by words. */
async function photoOf(context: CommandContext): Promise<DrawnPicture | null> {
  const { flags, positionals } = context
  const [image] = positionals
  if (image === undefined) return null
  const region = flags.region === undefined ? undefined : parseRegion(flags.region)
  return drawnPhoto({ image, region, mediaType: 'image/jpeg' }, context)
}
