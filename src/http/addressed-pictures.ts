/** Gives pictures without an address of their own one that this server answers. */
import type { OfferSummary } from '../offers/offer.ts'
import type { RankedOffer } from '../offers/results/results.ts'
import type { Services } from '../use-cases/use-cases.ts'

/** The address of an offer's picture, by its ID. */
type AddressOf = (offerId: string) => string

/** @param addresses for the caller; `null` where the server does not know its own address. */
export function withPictureAddresses(services: Services, addresses: () => Promise<AddressOf | null>): Services {
  const using = async <T>(result: T, give: (result: T, addressOf: AddressOf) => T): Promise<T> => {
    const addressOf = await addresses()
    return addressOf === null ? result : give(result, addressOf)
  }
  return {
    ...services,
    searchByImage: async (request, call) => using(await services.searchByImage(request, call), inProducts),
    searchByKeyword: async (request, call) => using(await services.searchByKeyword(request, call), inProducts),
    listIndex: async (request, call) => using(await services.listIndex(request, call), inProducts),
    getDetails: async (request, call) =>
      using(await services.getDetails(request, call), (result, addressOf) => ({
        ...result,
        details: inDetails(result.details, addressOf),
      })),
    compareOffers: async (request, call) =>
      using(await services.compareOffers(request, call), (result, addressOf) => ({
        ...result,
        offers: result.offers.map(offer => ({ ...offer, details: inDetails(offer.details, addressOf) })),
      })),
    sourceMany: async (request, call) =>
      using(await services.sourceMany(request, call), (result, addressOf) => ({
        ...result,
        products: result.products.map(product => ({
          ...product,
          offers: product.offers.map(ranked => ({ ...ranked, offer: inOffer(ranked.offer, addressOf) })),
        })),
      })),
  }
}

function inProducts<Result extends { products: RankedOffer[] }>(result: Result, addressOf: AddressOf): Result {
  const products = result.products.map(ranked => ({ ...ranked, offer: inOffer(ranked.offer, addressOf) }))
  return { ...result, products }
}

function inOffer<Offer extends Pick<OfferSummary, 'offerId' | 'imageUrl'>>(offer: Offer, addressOf: AddressOf): Offer {
  return lacksAddress(offer.imageUrl) ? { ...offer, imageUrl: addressOf(offer.offerId) } : offer
}

/** Of several pictures, the first has an address. */
function inDetails<Details extends Pick<OfferSummary, 'offerId' | 'imageUrl'> & { images: string[] }>(
  details: Details,
  addressOf: AddressOf,
): Details {
  const { offerId, imageUrl, images } = details
  const first = imageUrl ?? images[0] ?? null
  const given = images.map(image => (image === first && lacksAddress(image) ? addressOf(offerId) : image))
  return { ...inOffer(details, addressOf), images: given }
}

function lacksAddress(imageUrl: string | null): boolean {
  return imageUrl !== null && !/^https?:/i.test(imageUrl)
}
