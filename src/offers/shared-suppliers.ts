/** Suppliers that have offers for several products. */
import { evidenceOf } from './evidence/evidence.ts'
import type { AmountRange } from './price/money.ts'
import type { PricedOffer, SharedSupplier } from './results/source-many-result.ts'

/**
 * @param products the offers found for each product, best first.
 * @returns suppliers of at least two, the most first, then those whose offers rank highest.
 */
export function sharedSuppliers(products: readonly (readonly PricedOffer[])[]): SharedSupplier[] {
  const keyOf = shopKeys(products.flat())
  const groups = new Map<string, { covers: SharedSupplier['covers']; ranks: number }>()
  for (const [product, offers] of products.entries()) {
    for (const [rank, offer] of offers.entries()) {
      const key = isMeant(offer) ? keyOf(offer) : null
      if (key === null) continue
      const group = groups.get(key) ?? { covers: [], ranks: 0 }
      groups.set(key, group)
      // The first one is its best.
      if (group.covers.some(cover => cover.product === product)) continue
      group.covers.push({ product, offer })
      group.ranks += rank
    }
  }
  return [...groups.values()]
    .filter(({ covers }) => covers.length > 1)
    .toSorted((a, b) => b.covers.length - a.covers.length || a.ranks - b.ranks)
    .flatMap(({ covers }) => supplierOf(covers) ?? [])
}

/** Where the pictures were not compared, the upstream found the offer. */
function isMeant({ likeness }: PricedOffer): boolean {
  return likeness !== 'not alike'
}

/** By the shop's ID at its source, or else by its name, which is that of a company. */
function shopKeys(offers: readonly PricedOffer[]): (offer: PricedOffer) => string | null {
  const idOf = ({ offer, source }: PricedOffer): string | null => {
    const { shopId } = evidenceOf(offer)
    return shopId === null ? null : `${source}:${shopId}`
  }
  const idOfName = new Map<string, string>()
  for (const each of offers) {
    const { shopName } = each.offer
    const id = idOf(each)
    if (id !== null && shopName !== null && !idOfName.has(shopName)) idOfName.set(shopName, id)
  }
  return each => {
    const { shopName } = each.offer
    return idOf(each) ?? (shopName === null ? null : (idOfName.get(shopName) ?? `name:${shopName}`))
  }
}

function supplierOf(covers: SharedSupplier['covers']): SharedSupplier | null {
  const offers = covers.map(({ offer }) => offer.offer)
  const [example] = offers
  if (example === undefined) return null
  return {
    shopId: offers.map(offer => evidenceOf(offer).shopId).find(id => id !== null) ?? null,
    shopName: offers.map(({ shopName }) => shopName).find(name => name !== null) ?? null,
    covers,
    example,
    total: sumOf(covers.map(({ offer }) => offer.quote.total)),
  }
}

/** `null` if one is unknown. */
function sumOf(totals: readonly (AmountRange | null)[]): AmountRange | null {
  return totals.reduce<AmountRange | null>(
    (sum, total) => sum && total && { low: sum.low + total.low, high: sum.high + total.high },
    { low: 0n, high: 0n },
  )
}
