/** Compared offers as a file: CSV for any spreadsheet, XLSX with the pictures in it, or a page to print. */
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import type { OfferPreview } from '../../offers/results/results.ts'
import { compareRows, LANDED_COLUMNS, MONEY_COLUMNS, type OfferRow, SHEET_COLUMNS } from '../../shape/compare/rows.ts'
import { type OffersPage, offersPage } from '../../shape/report/offers-page.ts'
import { createCsvWriter } from '../../sheets/write/csv.ts'
import { type SheetColumn, xlsxOf } from '../../sheets/write/xlsx.ts'

/** In characters; other columns are as wide as a number needs. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ title: 40, shop_name: 28, fits: 24, url: 45, image_url: 45 },
  landed_cost_lacks: 40,
}

export interface OffersToFile {
  compared: CompareResult
  /** With landed costs; `null` without. */
  landed: LandedCostResult | null
}

/** The columns that the file has. */
function columnsOf({ landed }: OffersToFile): readonly (keyof OfferRow)[] {
  return landed ? [...SHEET_COLUMNS, ...LANDED_COLUMNS] : SHEET_COLUMNS
}

export async function csvOfOffers(offers: OffersToFile): Promise<string> {
  const { head, write } = await createCsvWriter(columnsOf(offers))
  return head + write(compareRows(offers.compared, offers.landed))
}

/** @param pictures JPEG. */
export async function xlsxOfOffers(offers: OffersToFile, pictures: readonly OfferPreview[]): Promise<Uint8Array> {
  const names = columnsOf(offers)
  const columns = names.map((name): SheetColumn => {
    const kind = MONEY_COLUMNS.has(name) ? 'money' : name === 'title' ? 'wrapped' : 'plain'
    return { name, width: WIDTHS[name] ?? 14, kind }
  })
  const pictured = new Map(pictures.map(({ offerId, ...picture }) => [offerId, { ...picture, title: offerId }]))
  const rows = compareRows(offers.compared, offers.landed).map(row => ({
    cells: names.map(column => row[column]),
    picture: pictured.get(String(row.offer_id)) ?? null,
  }))
  return xlsxOf(columns, rows)
}

export function pageOfOffers(offers: OffersToFile, page: Omit<OffersPage, 'compared' | 'landed'>): string {
  return offersPage({ ...offers, ...page })
}
