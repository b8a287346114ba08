/** What the user's own files say about an offer whose details came from elsewhere. */

import * as z from 'zod'
import { quotedText } from '../../offers/price/pack.ts'
import type { ImportedOffer } from '../../offers/results/results.ts'
import { cell, omitUnknown } from './values.ts'

export const importedSchema = z.object({
  catalogue: z.string(),
  /** When it was imported. */
  date: z.string(),
  title: z.string(),
  /** CNY. */
  price: z.string().optional(),
  /** In another currency. */
  quoted: z.string().optional(),
  unit: z.string().optional(),
  moq: z.number().optional(),
  shop_name: z.string().optional(),
})

type ImportedValue = z.output<typeof importedSchema>

export function shapeImported({ offer, source }: ImportedOffer): ImportedValue {
  return {
    catalogue: source.upstream,
    date: new Date(source.retrievedAt ?? 0).toISOString().slice(0, 10),
    title: offer.title,
    ...omitUnknown({
      price: offer.price?.text,
      quoted: quotedText(offer),
      unit: offer.unit,
      moq: offer.moq,
      shop_name: offer.shopName,
    }),
  }
}

/** `2.85 CNY per piece, MOQ 100 (import, 2026-11-01)`. */
export function importedTerms(imported: ImportedOffer): string {
  const { catalogue, date, unit, moq, ...value } = shapeImported(imported)
  const per = unit === undefined ? '' : ` per ${unit}`
  const least = moq === undefined ? '' : `, MOQ ${moq}`
  return `${amountOf(value)}${per}${least} (${catalogue}, ${date})`
}

export function importedLine(value: ImportedValue): string {
  return `your file (${value.catalogue}, ${value.date}): ${value.title}; price: ${amountOf(value)} per ${cell(value.unit)}; MOQ: ${value.moq ?? '-'}; shop: ${cell(value.shop_name)}`
}

function amountOf({ price, quoted }: Pick<ImportedValue, 'price' | 'quoted'>): string {
  const cny = price === undefined ? null : `${price} CNY`
  return [cny, quoted].filter(part => part !== null && part !== undefined).join(', quoted as ') || '-'
}
