/** Offers as a file: CSV for any spreadsheet, XLSX with the pictures in it, or a page to print. */
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { InCurrency } from '../../offers/results/in-currency.ts'
import type { LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import type { OfferPreview, SearchResult } from '../../offers/results/results.ts'
import type { DrawnPicture } from '../../pictures/decoder/messages.ts'
import { compareRows, LANDED_COLUMNS, type OfferRow, SHEET_COLUMNS } from '../../shape/compare/rows.ts'
import type { Language } from '../../shape/report/language.ts'
import { type OffersPage, offersPage, offersTitle } from '../../shape/report/offers-page.ts'
import { foundText, searchTitle } from '../../shape/report/report.ts'
import { wordsOf } from '../../shape/report/words.ts'
import { SEARCH_COLUMNS, searchRows } from '../../shape/search/rows.ts'
import { columnsWithValues, namedColumn, sheetNames, valueIn } from '../../shape/sheet/column-names.ts'
import { TIER_COLUMNS, tierRows } from '../../shape/sheet/tiers.ts'
import { titleLines } from '../../shape/sheet/title-block.ts'
import { createCsvWriter } from '../../sheets/write/csv.ts'
import { type WrittenSheet, xlsxOf } from '../../sheets/write/xlsx.ts'

export interface OffersToFile {
  compared: CompareResult
  /** With landed costs; `null` without. */
  landed: LandedCostResult | null
}

export interface SheetOptions {
  language: Language
  /** A JPEG of the photo that was searched by; `null` without one. */
  queryPicture: DrawnPicture | null
  /** Milliseconds since 1970. */
  madeAt: number
  version: string
}

function columnsOf({ landed }: OffersToFile): readonly (keyof OfferRow)[] {
  return landed ? [...SHEET_COLUMNS, ...LANDED_COLUMNS] : SHEET_COLUMNS
}

export async function csvOfOffers(offers: OffersToFile): Promise<string> {
  const { head, write } = await createCsvWriter(columnsOf(offers))
  return head + write(compareRows(offers.compared, offers.landed))
}

/** @param pictures JPEG. */
export async function xlsxOfOffers(
  offers: OffersToFile,
  pictures: readonly OfferPreview[],
  options: SheetOptions,
): Promise<Uint8Array> {
  const { compared, landed } = offers
  const { source, credits, remarks, otherCurrency } = compared
  const { language, queryPicture, ...made } = options
  const title = titleLines(
    {
      title: offersTitle(compared, language),
      source,
      spent: credits.spent,
      remarks,
      currency: otherCurrency ?? landed?.currency ?? null,
      ...made,
    },
    language,
  )
  const rows = compareRows(compared, landed, wordsOf(language))
  const details = compared.offers.map(offer => offer.details)
  const sheet = offersSheet(columnsOf(offers), rows, { title, queryPicture, pictures, language })
  return xlsxOf([sheet, ...tierSheets(details, language)])
}

/**
 * @param isPhoto whether it was searched by a photo, not by words.
 * @param pictures JPEG.
 */
export async function xlsxOfSearch(
  { result, isPhoto }: { result: InCurrency<SearchResult>; isPhoto: boolean },
  pictures: readonly OfferPreview[],
  { language, queryPicture, ...made }: SheetOptions,
): Promise<Uint8Array> {
  const words = wordsOf(language)
  const { products, source, credits, remarks, otherCurrency: currency = null } = result
  const title = titleLines(
    {
      title: searchTitle(result, words, isPhoto),
      found: foundText(result, words),
      source,
      spent: credits.spent,
      remarks,
      currency,
      ...made,
    },
    language,
  )
  const sheet = offersSheet(SEARCH_COLUMNS, searchRows(result, words), { title, queryPicture, pictures, language })
  const offers = products.map(({ offer }) => offer)
  return xlsxOf([sheet, ...tierSheets(offers, language)])
}

type Row = Readonly<Record<string, string | number | null>>

export interface OffersSheet {
  title: readonly string[]
  /** A JPEG, shown beside the title. */
  queryPicture: DrawnPicture | null
  /** JPEG. */
  pictures: readonly OfferPreview[]
  /** JPEGs of the photos that rows were found by, at their rows. Default: none. */
  photos?: ReadonlyMap<number, DrawnPicture>
  language: Language
}

/** Rows with an `offer_id`, each with its picture. */
export function offersSheet(keys: readonly string[], rows: readonly Row[], about: OffersSheet): WrittenSheet {
  const { title, queryPicture, photos = new Map<number, DrawnPicture>(), language } = about
  const pictured = new Map(about.pictures.map(({ offerId, ...picture }) => [offerId, { ...picture, title: offerId }]))
  const columns = columnsWithValues(keys, rows, language)
  const searchedBy = (picture: DrawnPicture | null | undefined) =>
    picture ? { ...picture, mediaType: 'image/jpeg', title: wordsOf(language).queryPicture } : null
  const pictureColumns = [...(photos.size > 0 ? ['photo'] : []), 'picture']
  return {
    name: sheetNames(language).offers,
    title,
    titlePicture: searchedBy(queryPicture),
    columns,
    pictureColumns: pictureColumns.map(key => namedColumn(key, language).name),
    rows: rows.map((row, index) => ({
      cells: columns.map(({ key }) => valueIn(key, row[key] ?? null, language)),
      pictures: [
        ...(photos.size > 0 ? [searchedBy(photos.get(index))] : []),
        pictured.get(String(row.offer_id)) ?? null,
      ],
    })),
  }
}

/** The second sheet; none without a price tier or variant. */
function tierSheets(offers: Parameters<typeof tierRows>[0], language: Language): WrittenSheet[] {
  const rows = tierRows(offers)
  if (rows.length === 0) return []
  const columns = columnsWithValues(TIER_COLUMNS, rows, language)
  return [
    {
      name: sheetNames(language).tiers,
      title: [],
      titlePicture: null,
      pictureColumns: [],
      columns,
      rows: rows.map(row => ({
        cells: TIER_COLUMNS.filter(key => columns.some(column => column.key === key)).map(key => row[key]),
        pictures: [],
      })),
    },
  ]
}

export function pageOfOffers(offers: OffersToFile, page: Omit<OffersPage, 'compared' | 'landed'>): string {
  return offersPage({ ...offers, ...page })
}
