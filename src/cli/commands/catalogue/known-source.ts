import type { CatalogueStats } from '../../../catalogue/catalogue.ts'
import { AppError } from '../../../errors.ts'
import { quoted } from '../../../offers/text.ts'

/** @throws AppError `not_found` that lists the sources if `source` is not among them. */
export function checkSource(stats: readonly CatalogueStats[], source: string): void {
  const names = stats.map(row => row.source)
  if (names.includes(source)) return
  throw new AppError({
    code: 'not_found',
    message: `The catalogue has no offers from ${quoted(source)}.`,
    hint: names.length === 0 ? 'The catalogue is empty.' : `It has offers from ${names.join(', ')}.`,
  })
}
