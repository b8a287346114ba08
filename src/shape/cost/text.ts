import { currencyText } from '../text/currency.ts'
import { failureLine } from '../text/failed.ts'
import { provenanceLine } from '../text/provenance.ts'
import { cell, counted } from '../text/values.ts'
import { PRICE_BASES } from '../text/words/price-basis.ts'
import type { LandedCostValue } from './landed-cost.ts'

type DryRunValue = NonNullable<LandedCostValue['dry_run']>

type OfferValue = LandedCostValue['offers'][number]

export function landedCostText(value: LandedCostValue): string {
  const { currency, dry_run: cost, destination } = value
  return [
    cost ? dryRunText(cost) : headText(value),
    ...(destination === undefined ? [] : [`destination: ${destination} (written down only)`]),
    ...(currency === undefined ? [] : [currencyText(currency)]),
    ...value.offers.flatMap(offer => ['', ...offerLines(offer, currency?.code)]),
    ...(value.offers.length === 0 ? [] : ['']),
    ...(value.left_out
      ? [`the last ${counted(value.left_out, 'offer')} cut for length; estimate fewer at a time`]
      : []),
    ...value.failed.map(failureLine),
    ...(value.note ? [`note: ${value.note}`] : []),
    provenanceLine(value.source, value.credits),
    `next: ${value.next}`,
  ].join('\n')
}

function headText({ offers, quantity }: LandedCostValue): string {
  const at = quantity === undefined ? 'each at its smallest order' : `at ${counted(quantity, 'unit')}`
  return `landed cost of ${counted(offers.length, 'offer')} ${at}, in CNY, rounded to 0.01; cheapest total first`
}

function dryRunText({ offers, free, credits, freight_credits: freight }: DryRunValue): string {
  const more = freight === undefined ? '' : `, and domestic freight at most ${counted(freight, 'credit')} more`
  return `dry run: estimating ${counted(offers, 'offer')} spends ${counted(credits, 'credit')}${free === 0 ? '' : ` (${free} at no cost)`}${more}`
}

function offerLines(offer: OfferValue, code: string | undefined): string[] {
  const raised = offer.raised ? ` (raised: ${offer.raised})` : ''
  const variant = offer.variant ? `, ${cell(offer.variant)}` : ''
  const other = offer.unit_price_other === undefined ? '' : ` = ${offer.unit_price_other} ${code}`
  const price =
    offer.unit_price === undefined
      ? 'price unknown'
      : `at ${offer.unit_price}${other} (${PRICE_BASES[offer.price_basis]})`
  const customs = offer.for_customs?.map(({ name, value }) => `${name} ${value}`).join('; ')
  return [
    `${offer.offer_id} | ${cell(offer.title)}${variant} | ${counted(offer.order_quantity, 'unit')}${raised} ${price}`,
    ...offer.parts.map(({ name, cny, from, how }) =>
      cny === undefined ? `${name}: unknown (${how})` : `${name}: ${cny} (${from}: ${how})`,
    ),
    `weight: ${weightText(offer)}`,
    totalText(offer, code),
    ...(customs ? [`for customs: ${customs}`] : []),
  ]
}

function weightText(offer: OfferValue): string {
  const { weight_kg: actual, volumetric_kg: volumetric, chargeable_kg: chargeable, volume_m3: volume } = offer
  const from = offer.weight_from === undefined ? '' : ` (${offer.weight_from})`
  return [
    actual === undefined ? 'unknown' : `${actual} kg${from}`,
    ...(volumetric === undefined ? [] : [`volumetric ${volumetric} kg`]),
    ...(chargeable === undefined ? [] : [`chargeable ${chargeable} kg`]),
    volume === undefined ? 'volume unknown' : `volume ${volume} m3`,
  ].join(', ')
}

function totalText(offer: OfferValue, code: string | undefined): string {
  const { total_cny: total, unit_cny: unit, total_other: other, unit_other: otherUnit } = offer
  if (total !== undefined) {
    const beside = other === undefined ? '' : ` = ${other} ${code} (${otherUnit} a unit)`
    return `total: ${total} CNY (${unit} a unit)${beside}`
  }
  const without = offer.without?.join(', ') ?? ''
  return offer.subtotal_cny === undefined
    ? `no total: ${without} unknown`
    : `no total; subtotal without ${without}: ${offer.subtotal_cny} CNY`
}
