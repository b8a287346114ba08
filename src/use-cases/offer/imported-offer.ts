/** An offer as the user's own files state it. */
import type { CatalogueOffer } from '../../catalogue/catalogue.ts'
import { AppError, partsOf } from '../../errors.ts'
import type { ReadPast } from '../../history/past.ts'
import type { Extra } from '../../offers/extras.ts'
import { NOTHING_MORE, type OfferSummary } from '../../offers/offer.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { DetailsResult, Remark } from '../../offers/results/results.ts'

export interface ImportedDetailsDeps {
  readPast: ReadPast
  now: () => number
}

/** @param failure why the listing on 1688 could not be read instead; `null` if nobody was asked. */
export async function importedDetails(
  { source, offer, lastSeenAt }: CatalogueOffer,
  include: readonly Extra[],
  failure: AppError | null,
  { readPast, now }: ImportedDetailsDeps,
): Promise<DetailsResult> {
  const images = [...(offer.imageUrl === null ? [] : [offer.imageUrl]), ...(offer.photos ?? [])]
  return {
    details: {
      ...offer,
      images,
      priceTiers: offer.priceTiers ?? [],
      skus: [],
      ...NOTHING_MORE,
      lotSize: offer.pack?.units ?? null,
    },
    past: await readPast(source, offer.offerId, 'listing'),
    source: sourceReport(source, lastSeenAt, now()),
    credits: { spent: failure?.creditsSpent ?? 0, remaining: null },
    remarks: [...pricedByPack(offer), ...include.map(notInFile), ...(failure === null ? [] : [onFailure(failure)])],
  }
}

export function notImported(offerId: string): AppError {
  return new AppError({
    code: 'not_found',
    message: `${offerId} is the ID of an imported offer, but the catalogue does not contain it.`,
    hint: 'Import its file again with mcp-1688 catalogue import, or find others with search_by_image.',
  })
}

/** Where a made-up sample is all that was asked beside the user's own files. */
export function notKnownHere(offerId: string, cause: AppError): AppError {
  return new AppError({
    ...partsOf(cause),
    message: `Offer ${offerId} is neither among your imported offers nor among the sample offers.`,
    hint: 'Use an offer_id that a search returned. 1688 itself was not asked: that needs a key of open1688, TMAPI or Parse.',
  })
}

function pricedByPack({ offerId, pack, quoted }: OfferSummary): Remark[] {
  return pack ? [{ kind: 'priced_by_pack', offerId, ...pack, currency: quoted?.currency ?? 'CNY' }] : []
}

function notInFile(part: Extra): Remark {
  return {
    kind: 'part_failed',
    part,
    code: 'not_granted',
    message: 'An imported file does not contain them.',
    hint: '',
  }
}

function onFailure({ code, message, hint }: AppError): Remark {
  return { kind: 'imported_instead', code, message, hint }
}
