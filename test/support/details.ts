import { NOTHING_MORE, type OfferDetails } from '../../src/offers/offer.ts'
import { parsePrice } from '../../src/offers/price/price.ts'
import { makeOffer } from './catalogue-offers.ts'

/** Every field is known unless given. @param ladder steps as `[from, price]`. @param price the headline price. */
export function makeDetails(
  offerId: string,
  {
    price,
    ladder = [],
    ...known
  }: Partial<Omit<OfferDetails, 'price'>> & { price?: string | null; ladder?: [number, string][] } = {},
): OfferDetails {
  const summary = makeOffer(offerId, { moq: null })
  return {
    ...summary,
    price: price === undefined ? summary.price : parsePrice(price),
    images: summary.imageUrl === null ? [] : [summary.imageUrl],
    priceTiers: ladder.map(([minQuantity, text]) => ({ minQuantity, price: needPrice(text) })),
    skus: [],
    ...NOTHING_MORE,
    ...known,
  }
}

export function needPrice(text: string) {
  const price = parsePrice(text)
  if (price === null) throw new Error(`${text} is not a price`)
  return price
}
