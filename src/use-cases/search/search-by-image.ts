/**
 * Search by picture. The picture is read and embedded before an upstream is asked, so an unusable one costs no credit.
 */
import { LRUCache } from 'lru-cache'
import { withMoreCredits } from '../../errors.ts'
import type { Remark, SearchResult } from '../../offers/results/results.ts'
import { isCut } from '../../pictures/decoder/cut.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { Region } from '../../pictures/decoder/region.ts'
import type { Picture, PictureInput } from '../../pictures/reader.ts'
import type { LendPicture } from '../../pictures/upload/lent-page.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { QueryPicture } from './compare-pictures.ts'
import type { EmbedQuery } from './embedding/embed-query.ts'
import { cropPicture } from './photos/crop-picture.ts'
import { joinViews, labelOf, type Photo, readQueryPhotos } from './photos/query-photos.ts'
import { createQueryPictures, type QueryPictureDeps } from './photos/query-picture.ts'
import { createRankCatalogue } from './rank-catalogue.ts'
import { createSearch, type SearchDeps } from './search.ts'
import type { PageRequest } from './search-page.ts'

/** Whose found offers are remembered: some hundred IDs each. */
const REMEMBERED_PICTURES = 200

export interface ImageSearch extends PageRequest {
  /** A text is a URL, data: URL, path, `sample:` reference, or an offer whose picture is meant. */
  image: PictureInput
  /** Further photos of the same thing. */
  moreImages?: readonly PictureInput[]
  /** The part of `image` to search by. */
  region?: Region | undefined
}

export interface ImageSearchDeps extends SearchDeps, QueryPictureDeps {
  decoder: DecoderPool
  embedQuery: EmbedQuery
  /** `null` where no address can be given out. */
  lendPicture: LendPicture | null
}

export function createSearchByImage(deps: ImageSearchDeps) {
  const queryPictures = createQueryPictures(deps)
  const search = createSearch(deps)
  const rankCatalogue = createRankCatalogue(deps)
  const found = new LRUCache<string, Set<string>>({ max: REMEMBERED_PICTURES })

  /** What upstreams found for a picture so far, on other pages as well. */
  const foundFor = (sha256: string): Set<string> => {
    const known = found.get(sha256) ?? new Set()
    found.set(sha256, known)
    return known
  }

  return async function searchByImage(
    { image, moreImages = [], region, ...asked }: ImageSearch,
    call: CallOptions,
  ): Promise<SearchResult> {
    const { embedder, decoder, catalogue } = deps
    const { maxCredits, page } = asked
    // Another page is one of the same search, and what may cost nothing asks for what is known.
    const isRepeat = page > 1 || maxCredits === 0
    // One limit for the whole call: photos are read side by side.
    const limited = maxCredits === undefined ? call : { ...call, payer: limitCredits(maxCredits, call.payer) }
    const embed = ({ bytes, sha256 }: Picture) => deps.embedQuery(bytes, foundFor(sha256), call)
    const originals: Picture[] = []
    const read = async (input: PictureInput, position: number) => {
      const { remarks, ...whole } = await queryPictures.read(input, maxCredits, limited, isRepeat)
      originals.push(whole.picture)
      const read = { ...whole, remarks: page > 1 ? [] : remarks }
      if (region === undefined || position > 1) return read
      // A part of an offer's picture may show something else than the offer.
      return { ...read, offerId: null, picture: await cropPicture(whole.picture, region, decoder, call.signal) }
    }
    const { photos, offerIds, creditsSpent, remarks } = await readQueryPhotos([image, ...moreImages], read, embed, call)
    const queryId = photos.map(({ picture }) => picture.sha256).join(' ')
    const query = photos.length === 1 ? photos[0].query : joinViews(photos, foundFor(queryId))
    const pageRequest: PageRequest = {
      ...asked,
      ...(offerIds.length === 0 ? {} : { except: offerIds }),
      ...(maxCredits === undefined ? {} : { maxCredits: Math.max(0, maxCredits - creditsSpent) }),
    }
    // Not ended with the call: other callers may wait for the same answer.
    const upstreamQuery = ({ picture }: Photo) => {
      const small = () => decoder.small(picture.bytes, { owner: 'caller' as const })
      const { lendPicture } = deps
      return { ...picture, small, lend: lendPicture ? async () => lendPicture(await small()) : undefined }
    }
    const [first, ...others] = photos
    const found = await search(
      {
        ...pageRequest,
        query: upstreamQuery(first),
        further: others.map(photo => ({ query: upstreamQuery(photo), position: photo.position })),
        queryId,
        label: labelOf(photos),
        picture: query,
        searchOf: ({ pictures }) => pictures,
        searchCatalogue: names => rankCatalogue(names, pageRequest, query, call),
        countKnown: async sources => {
          const { filters, except } = pageRequest
          const all = { model: embedder.id, vectors: query.vectors, sources, filters, except, offset: 0, limit: 0 }
          return (await catalogue.nearest(all)).known
        },
      },
      call,
    ).catch(error => {
      throw withMoreCredits(error, creditsSpent)
    })
    const foundIds = found.products.map(({ offer }) => offer.offerId)
    for (const original of originals) deps.recentPictures.found(original, foundIds)
    const { best } = found.match
    // Nothing matches well: perhaps the photo shows more than what is wanted.
    const isPoor = best === 'similar' || best === 'not alike'
    const things = isPoor && region === undefined ? thingsIn(query) : []
    const isAnyCut = photos.some(({ picture }) => isCut(picture.bytes))
    return {
      ...found,
      credits: { ...found.credits, spent: found.credits.spent + creditsSpent },
      remarks: [...found.remarks, ...things, ...(isAnyCut ? [{ kind: 'picture_cut' as const }] : []), ...remarks],
    }
  }
}

function thingsIn({ regions }: QueryPicture): Remark[] {
  return regions.length === 0 ? [] : [{ kind: 'several_things', regions }]
}
