/** Imported offers that match a search which an upstream has answered: its page has no place for them. */
import { IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { RankedOffer, Remark } from '../../offers/results/results.ts'
import { cleanText } from '../../offers/text.ts'
import type { Sources } from '../catalogue-sources.ts'
import type { SearchRequest } from './search.ts'

/** The others are only counted. */
const MOST_NAMED = 3

/** Enough of a title to recognise the offer. */
const TITLE_CHARS = 40

export interface OwnMatchesDeps {
  sources: Pick<Sources, 'hasImports'>
  logger: Logger
}

/** The returned function never fails because of the catalogue. Only the first page of a search names them. */
export function createFindOwnMatches({ sources, logger }: OwnMatchesDeps) {
  return async function findOwnMatches(
    { page, picture, searchCatalogue }: Pick<SearchRequest<unknown>, 'page' | 'picture' | 'searchCatalogue'>,
    onPage: readonly RankedOffer[],
    signal: AbortSignal,
  ): Promise<Remark[]> {
    try {
      if (page > 1 || !(await sources.hasImports())) return []
      const { products, totalFound } = await searchCatalogue([IMPORT_SOURCE])
      const listed = new Set(onPage.map(({ offer }) => offer.offerId))
      const matches = products.filter(
        each => !listed.has(each.offer.offerId) && (picture === null || looksTheSame(each)),
      )
      const offers = matches.slice(0, MOST_NAMED).map(({ offer, likeness }) => ({
        offerId: offer.offerId,
        title: cleanText(offer.title, TITLE_CHARS) ?? '',
        likeness,
      }))
      const more = matches.length - offers.length
      // A page that is cut may leave out others that match.
      const isCut = totalFound === null || totalFound > products.length
      const isOpen = isCut && (more > 0 || products.every(each => picture === null || looksTheSame(each)))
      return offers.length === 0 ? [] : [{ kind: 'own_matches', offers, more: isOpen ? null : more }]
    } catch (cause) {
      throwIfAborted(signal, cause)
      logger.warn('imported offers not searched', { cause })
      return []
    }
  }
}

function looksTheSame({ likeness }: RankedOffer): boolean {
  return likeness === 'same item' || likeness === 'probably the same item'
}
