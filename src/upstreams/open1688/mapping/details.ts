/** Translates offer details of the 1688 Open Platform. Field names: its public documentation. */
import { AppError } from '../../../errors.ts'
import { parseCount } from '../../../offers/count.ts'
import type { MixedBatch, OfferDetails, OfferStatus, Sku } from '../../../offers/offer.ts'
import { parsePlace } from '../../../offers/place/place.ts'
import type { PriceTier } from '../../../offers/price/ladder.ts'
import { ladderOf } from '../../../offers/price/ladder.ts'
import { spanPrices } from '../../../offers/price/price.ts'
import {
  asBoolean,
  asField,
  asIdText,
  asInteger,
  asList,
  asObject,
  asPictures,
  asPositive,
  asTitle,
  type JsonObject,
  needObject,
  upstreamChanged,
} from '../../json-readers.ts'
import { LATER_HINT, type Meaning } from '../../meanings.ts'
import { readEvidence } from './evidence.ts'
import { type PackagingReader, readPackaging } from './packaging.ts'
import { priceOf, translationOf } from './search.ts'

const NO_DETAILS: Meaning = {
  code: 'upstream_unavailable',
  message: '1688 returned no details of this offer.',
  hint: LATER_HINT,
  retryable: true,
  ofOneItem: true,
}

/** Sellers enter the largest possible number if they do not mind the amount. */
const MAX_MIX_CNY = 10_000_000

/** A listing has some 30. */
const MAX_ATTRIBUTES = 60

/**
 * @param body of `queryProductDetail`.
 * @throws AppError `upstream_changed`; `upstream_unavailable` for a success without an offer.
 */
export function parseDetails(body: unknown, offerId: string): OfferDetails {
  const result = needObject(asObject(body)?.result, 'result')
  if (result.result === null) throw new AppError(NO_DETAILS)
  const data = needObject(result.result, 'result.result')
  const title = asTitle(data.subject) ?? asTitle(data.subjectTrans)
  if (title === null) throw upstreamChanged('result.result.subject', 'a string')
  if ((asIdText(data.offerId) ?? offerId) !== offerId)
    throw upstreamChanged('result.result.offerId', 'the requested ID')
  const sale = asObject(data.productSaleInfo)
  const shipping = asObject(data.productShippingInfo)
  const sold = parseCount(data.soldOut)
  const steps = asList(sale?.priceRangeList)
    .map(stepOf)
    .filter(step => step !== null)
  const packaging = readPackaging(shipping)
  const skus = asList(data.productSkuInfos)
    .map(value => skuOf(value, packaging))
    .filter(sku => sku !== null)
  const images = asPictures(asObject(data.productImage)?.images)
  return {
    offerId,
    title,
    ...translationOf(data),
    price: spanPrices([...steps, ...skus].map(({ price }) => price).filter(price => price !== null)),
    moq: asInteger(data.minOrderQuantity, 1),
    unit: asField(asObject(sale?.unitInfo)?.unit),
    shopName: asField(data.companyName),
    ...placeOf(shipping?.sendGoodsAddressText, data.companyAddress),
    imageUrl: images[0] ?? null,
    images,
    priceTiers: ladderOf(steps),
    skus,
    lotSize: asInteger(data.batchNumber, 1),
    mixedBatch: mixedBatchOf(data.sellerMixSetting),
    status: statusOf(data, skus),
    packaging: packaging.ofOffer,
    attributes: attributesOf(data.productAttribute),
    certificates: certificatesOf(data.certificateList),
    freightFromCny: null,
    evidence: readEvidence(data, sold && { ...sold, days: null }),
  }
}

/** Documented are `published` and ten others, such as `TBD` (to be deleted), `auditing` and `untread` (refused). */
function statusOf({ status, productSaleInfo }: JsonObject, skus: readonly Sku[]): OfferStatus | null {
  const name = asField(status)
  if (name !== null && name.toLowerCase() !== 'published') return 'not_orderable'
  const stocks =
    skus.length > 0 ? skus.map(({ stock }) => stock) : [asInteger(asObject(productSaleInfo)?.amountOnSale, 0)]
  if (stocks.every(stock => stock === 0)) return 'sold_out'
  return name === null ? null : 'on_sale'
}

/** One that is named several times has several values. */
function attributesOf(value: unknown): OfferDetails['attributes'] {
  const valuesByName = new Map<string, string[]>()
  for (const row of asList(value).map(asObject).slice(0, MAX_ATTRIBUTES)) {
    const name = asField(row?.attributeNameTrans) ?? asField(row?.attributeName)
    const text = asField(row?.valueTrans) ?? asField(row?.value)
    if (name !== null && text !== null) valuesByName.set(name, [...(valuesByName.get(name) ?? []), text])
  }
  return [...valuesByName].flatMap(([name, values]) => {
    const joined = asField(values.join(' / '))
    return joined === null ? [] : [{ name, value: joined }]
  })
}

function certificatesOf(value: unknown): string[] {
  const names = asList(value).map(certificate => asField(asObject(certificate)?.certificateName))
  return [...new Set(names.filter(name => name !== null))]
}

function stepOf(value: unknown): PriceTier | null {
  const step = asObject(value)
  const minQuantity = asInteger(step?.startQuantity, 1)
  const price = priceOf(step)
  return minQuantity === null || price === null ? null : { minQuantity, price }
}

function skuOf(value: unknown, packaging: PackagingReader): Sku | null {
  const sku = asObject(value)
  const skuId = asIdText(sku?.skuId)
  const values = asList(sku?.skuAttributes).map(attribute => asField(asObject(attribute)?.value))
  const name = asField(values.filter(text => text !== null).join(' / ')) ?? skuId
  if (name === null) return null
  const ownPackaging = packaging.ofSku(skuId)
  return {
    skuId,
    name,
    price: priceOf(sku),
    stock: asInteger(sku?.amountOnSale, 0),
    ...(ownPackaging === null ? {} : { packaging: ownPackaging }),
  }
}

/** Where the goods ship from, otherwise where the company is. */
function placeOf(sentFrom: unknown, address: unknown) {
  const place = parsePlace(asField(sentFrom))
  return place.province === null && place.city === null ? parsePlace(asField(address)) : place
}

function mixedBatchOf(value: unknown): MixedBatch | null {
  const setting = asObject(value)
  const offered = asBoolean(setting?.generalHunpi)
  if (offered === null) return null
  return {
    offered,
    minUnits: asInteger(setting?.mixNumber, 1),
    minCny: asPositive(setting?.mixAmount, MAX_MIX_CNY),
  }
}
