/** Reads the picture that a caller searches by. An offer in its place stands for the offer's own picture. */
import type { Catalogue, CatalogueOffer } from '../../../catalogue/catalogue.ts'
import { AppError, withMoreCredits } from '../../../errors.ts'
import type { DetailsResult, Remark } from '../../../offers/results/results.ts'
import type { PictureAddresses } from '../../../pictures/addresses/picture-addresses.ts'
import type { Picture, PictureInput, PictureReader } from '../../../pictures/reader.ts'
import type { RecentPicture, RecentPictures } from '../../../pictures/recent-pictures.ts'
import { parseReference, type Reference } from '../../../pictures/reference/reference.ts'
import { PICKED } from '../../../pictures/upload/picked-photos.ts'
import type { CallOptions } from '../../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../../upstream-calls/failover.ts'
import { limitCredits } from '../../../upstream-calls/payers/credit-limit.ts'
import type { DetailsRequest } from '../../offer/get-details.ts'

export interface QueryPictureDeps {
  pictureReader: PictureReader
  recentPictures: RecentPictures
  /** Reads the pictures of known offers: an import may name files. */
  catalogueReader: PictureReader
  /** Recognises the addresses that this server gives to pictures of its offers. */
  pictureAddresses: Pick<PictureAddresses, 'offerAt'>
  catalogue: Catalogue
  /** Sources of known offers. */
  sourceNames: readonly string[]
  upstreams: UpstreamClients
  getDetails: (request: DetailsRequest, call: CallOptions) => Promise<DetailsResult>
  now: () => number
}

export interface ReadQueryPicture {
  picture: Picture
  /** The offer whose picture it is; `null` for any other picture. */
  offerId: string | null
  /** What finding an offer's picture cost. */
  creditsSpent: number
  /** Unless it was read now. */
  remarks: Remark[]
}

interface PictureOfOffer {
  title: string
  imageUrl: string
  creditsSpent: number
}

export interface QueryPictures {
  /**
   * @param maxCredits of the call, which `call.payer` holds to it. Without, only pictures of known offers are found.
   * @param isRepeat whether the words of an earlier call are repeated, and stand for the picture that they stood for.
   */
  read(
    input: PictureInput,
    maxCredits: number | undefined,
    call: CallOptions,
    isRepeat?: boolean,
  ): Promise<ReadQueryPicture>
  /** What reading costs: 0 except for an offer whose picture is not known. Asks no upstream. */
  cost(reference: string): Promise<number>
}

export function createQueryPictures(deps: QueryPictureDeps): QueryPictures {
  const { pictureReader, recentPictures, catalogueReader, pictureAddresses } = deps
  const { catalogue, sourceNames, upstreams, getDetails, now } = deps

  return {
    async read(input, maxCredits, call, isRepeat = false) {
      const parsed = typeof input === 'string' ? await offerOrOther(parseReference(input)) : input
      if (parsed.kind !== 'offer') {
        const words = wordsOf(input, parsed)
        const kept = isRepeat && words !== null ? recentPictures.find(words) : null
        const picture = kept?.picture ?? (await pictureReader.read(input, call.signal))
        if (kept === null) recentPictures.keep(words, picture)
        return { picture, offerId: null, creditsSpent: 0, remarks: kept ? remarksOn(kept, parsed) : [] }
      }
      const { offerId } = parsed
      const { title, imageUrl, creditsSpent } = (await known(offerId)) ?? (await fetched(offerId, maxCredits, call))
      const picture = await catalogueReader.read(imageUrl, call.signal).catch(error => {
        throw withMoreCredits(error, creditsSpent)
      })
      const labelled = { ...picture, label: `picture of offer ${offerId}, "${title}"` }
      recentPictures.keep(null, labelled)
      return { picture: labelled, offerId, creditsSpent, remarks: [] }
    },
    async cost(reference) {
      const parsed = await offerOrOther(parseReference(reference))
      if (parsed.kind !== 'offer' || (await known(parsed.offerId)) !== null) return 0
      return upstreams[0].detailsCost(parsed.offerId)
    },
  }

  /** Our own address of an offer's picture is not fetched: it stands for the offer, as the caller sees it. */
  async function offerOrOther(reference: Reference): Promise<Reference> {
    if (reference.kind !== 'address') return reference
    const offerId = await pictureAddresses.offerAt(reference.url)
    return offerId === null ? reference : { kind: 'offer', offerId }
  }

  async function known(offerId: string): Promise<PictureOfOffer | null> {
    const rows = await Promise.all(sourceNames.map(source => catalogue.getOffer(offerId, [source])))
    const pictured = rows.flatMap(row => pictureIn(row) ?? []).sort((a, b) => b.seenAt - a.seenAt)
    return pictured[0] ?? null
  }

  async function fetched(offerId: string, maxCredits: number | undefined, call: CallOptions): Promise<PictureOfOffer> {
    const limited = maxCredits === undefined ? { ...call, payer: limitCredits(0, call.payer) } : call
    const { details, credits } = await getDetails({ offerId }, limited).catch(error => {
      const price = upstreams[0].creditsPerCall
      const isOurLimit = error instanceof AppError && error.code === 'credits_exhausted' && (maxCredits ?? 0) < price
      throw isOurLimit ? tooExpensive(offerId, price) : error
    })
    const imageUrl = details.images[0] ?? details.imageUrl
    if (imageUrl === null) throw noPicture(offerId, credits.spent)
    return { title: details.title, imageUrl, creditsSpent: credits.spent }
  }

  /** Only where the same words may stand for another picture by now. */
  function remarksOn({ readAt }: RecentPicture, parsed: Exclude<PictureInput, string> | Reference): Remark[] {
    const reference =
      parsed.kind === 'clipboard' ? 'clipboard' : parsed.kind === 'photo' && parsed.name === PICKED ? PICKED : null
    const ageS = Math.round((now() - readAt) / 1000)
    return reference === null ? [] : [{ kind: 'picture_kept', reference, ageS }]
  }
}

/** What names the picture in a further call; `null` where it can be read again at any time. */
function wordsOf(input: PictureInput, { kind }: { kind: string }): string | null {
  if (typeof input === 'object') return input.kind === 'signed' ? input.address : null
  return kind === 'data' || kind === 'file' || kind === 'sample' ? null : input
}

function pictureIn(row: CatalogueOffer | null): (PictureOfOffer & { seenAt: number }) | null {
  if (!row?.offer.imageUrl) return null
  const { title, imageUrl } = row.offer
  return { title, imageUrl, creditsSpent: 0, seenAt: row.lastSeenAt }
}

function tooExpensive(offerId: string, credits: number): AppError {
  return new AppError({
    code: 'credits_exhausted',
    message: `The picture of offer ${offerId} is not known here: finding it costs ${credits} ${credits === 1 ? 'credit' : 'credits'}, and the search costs as much as any other.`,
    hint: `Pass max_credits: ${2 * credits} to allow both, or pass the picture itself as image_url.`,
  })
}

function noPicture(offerId: string, creditsSpent: number): AppError {
  return new AppError({
    code: 'picture_unreachable',
    message: `Offer ${offerId} has no picture.`,
    hint: 'Pass a picture of the product as image_url, or search by words with search_by_keyword.',
    creditsSpent,
  })
}
