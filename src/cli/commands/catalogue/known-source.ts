/** Says which sources the catalogue has, where one is named that it has not. */
import type { CatalogueStats } from '../../../catalogue/catalogue.ts'
import { AppError } from '../../../errors.ts'

/** @throws AppError `not_found` that names the sources that there are, for any other. */
export function checkSource(stats: readonly CatalogueStats[], source: string): void {
  const names = stats.map(row => row.source)
  if (names.includes(source)) return
  throw new AppError({
    code: 'not_found',
    message: `The catalogue has no offers of ${JSON.stringify(source.slice(0, 40))}.`,
    hint: names.length === 0 ? 'It is empty.' : `It has offers of ${names.join(', ')}.`,
  })
}
