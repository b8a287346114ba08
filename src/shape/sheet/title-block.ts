/** What a sheet says above its table: what it is, where it comes from, and what to know about it. */
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import type { Remark, SourceReport } from '../../offers/results/results.ts'
import type { Language } from '../report/language.ts'
import { dateOf } from '../report/page-frame.ts'
import { wordsOf } from '../report/words.ts'
import { currencyText, shapeCurrency } from '../text/currency.ts'
import { noteOf } from '../text/remarks.ts'

export interface TitleBlock {
  title: string
  source: SourceReport
  spent: number
  remarks: readonly Remark[]
  currency: OtherCurrency | null
  /** Milliseconds since 1970. */
  madeAt: number
  version: string
}

export function titleLines(
  { title, source, spent, remarks, currency, madeAt, version }: TitleBlock,
  language: Language,
) {
  const words = wordsOf(language)
  const fetched = source.retrievedAt === null ? null : dateOf(source.retrievedAt)
  const about = words.provenance(source.upstream, fetched, source.stale, spent)
  const rate = currency === null ? '' : ` ${currencyText(shapeCurrency(currency))}.`
  const note = noteOf(remarks)
  return [title, `${about}${rate}`, ...(note === null ? [] : [note]), words.made(version, dateOf(madeAt))]
}
