/** The words of the report's pages, in English and Chinese. */
import type { Miss } from '../../offers/comparison.ts'
import type { Evidence } from '../../offers/evidence/evidence.ts'
import type { CompareFailure } from '../../offers/results/comparison-result.ts'
import type { CostPartName, OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import { currencyText, shapeCurrency } from '../text/currency.ts'
import { briefEvidence, evidenceText, shapeEvidence } from '../text/evidence.ts'
import { missText } from '../text/misses.ts'
import { counted } from '../text/values.ts'
import { REMARKS_EN } from '../text/words/remarks-en.ts'
import type { Language } from './language.ts'
import { ZH } from './words-zh.ts'

/** Where the offers of a page come from. */
export type Origin = '1688' | 'own' | 'both' | 'sample'

const offersEn: Readonly<Record<Origin, string>> = {
  '1688': 'Offers on 1688',
  own: 'Offers in your own catalogue',
  both: 'Offers on 1688 and in your own catalogue',
  sample: 'Sample offers',
}

const EN = {
  like: (origin: Origin, query: string) => `${offersEn[origin]} like ${query}`,
  named: (origin: Origin, query: string) => `${offersEn[origin]} for ${query}`,
  shortlists: (products: number) => `Shortlists of ${counted(products, 'product')}`,
  compared: (origin: Origin, count: number, quantity: number | null) =>
    `${offersEn[origin]}: ${count} compared ${quantity === null ? 'at their smallest orders' : `at ${counted(quantity, 'unit')}`}`,
  queryPicture: 'The picture that was searched by',
  found: (shown: number, total: number | null, page: number, method: string) =>
    `${total === null ? counted(shown, 'offer') : `${shown} of ${counted(total, 'offer')}`}${page > 1 ? ` (page ${page})` : ''}, ${method}.`,
  method: {
    visual: (compared: number, known: number) =>
      `ranked by similarity to the picture, ${compared} of ${counted(known, 'known offer')} compared`,
    upstream: 'in the order in which the upstream matched the picture',
    none: 'in the order of the index; no pictures were compared',
  },
  ranked: (isByTotal: boolean, isAllKnown: boolean) =>
    `Offers within your limits first, lowest ${isByTotal ? 'order total' : 'unit price'} first${isAllKnown ? '' : ', unknown ones last'}.`,
  provenance: (upstream: string, fetched: string | null, isStale: boolean, credits: number) =>
    `Source: ${upstream}${fetched === null ? '' : `, fetched ${fetched}`}${isStale ? ' (may be out of date)' : ''}. Credits spent: ${credits}.`,
  rate: (currency: OtherCurrency) => `${currencyText(shapeCurrency(currency))}.`,
  over: (count: number, what: 'matches' | 'prices') =>
    what === 'matches'
      ? `Of ${counted(count, 'offer')} that ${count === 1 ? 'is' : 'are'} the same or probably the same item:`
      : `Of ${counted(count, 'offer')} whose price is known:`,
  noMatch: 'None of these offers is the same or probably the same item, so there are no price figures.',
  notCompared: 'The pictures were not compared with the photo, so there are no price figures.',
  leftOut: (count: number) =>
    `${count === 1 ? '1 offer that is not alike was' : `${count} offers that are not alike were`} left out; --all adds them.`,
  lowest: 'Lowest unit price',
  median: 'Median unit price',
  range: 'Unit prices',
  smallestMoq: 'Smallest MOQ',
  best: 'Best match',
  likeness: {
    'same item': 'Same item',
    'probably the same item': 'Probably the same item',
    similar: 'Similar',
    'not alike': 'Not alike',
  },
  offers: 'Offers',
  charts: 'Charts',
  byPrice: 'Offers by lowest unit price (CNY)',
  byPlace: 'Offers by place',
  otherPlaces: 'other places',
  unknownPlace: 'unknown',
  noOffers: 'No offers',
  nothing: 'Nothing was found. Try another picture or remove a filter.',
  noneAlike: 'No offer that looks like the photo was found.',
  priceUnknown: 'price unknown',
  similar: 'similar',
  moq: 'MOQ',
  totalFor: (quantity: number) => `for ${quantity}`,
  own: 'own catalogue',
  landed: 'Landed cost',
  landedLead: 'Estimated from the listings and your own rates, in CNY; at most, where an amount is a range.',
  offer: 'Offer',
  quantity: 'Quantity',
  total: 'Total',
  perUnit: 'Per unit',
  part: (part: CostPartName) => `${part[0]?.toUpperCase()}${part.slice(1)}`,
  lacks: (parts: readonly CostPartName[], rest: string | null) =>
    `Not known: ${parts.join(', ')}${rest === null ? '' : `; the rest is ¥${rest}`}`,
  misses: (misses: readonly Miss[]) => misses.map(missText).join(', '),
  costParts: (parts: readonly CostPartName[]) => parts.join(', '),
  evidence: (evidence: Evidence) => evidenceText(shapeEvidence(evidence)),
  briefEvidence: (evidence: Evidence) => briefEvidence(evidence),
  badges: (badges: Evidence['badges']) => badges.join(', '),
  remarks: REMARKS_EN,
  failure: ({ message }: CompareFailure['error']) => message,
  status: {
    found: 'found',
    left: (why: string) => `left: ${why}`,
    failed: (why: string) => `failed: ${why}`,
    notCompared: (why: string) => `not compared: ${why}`,
  },
  foot: 'Prices are in CNY, as the sellers listed them when they were fetched; a search often shows the price of the cheapest variant. A dash means unknown, not zero. Ask the seller before you order.',
  made: (version: string, date: string) =>
    `Titles, shop names and pictures are third-party listing content. Made by mcp-1688 ${version} on ${date}; not affiliated with 1688.com.`,
}

export type Words = typeof EN

export function wordsOf(language: Language): Words {
  return language === 'zh' ? ZH : EN
}
