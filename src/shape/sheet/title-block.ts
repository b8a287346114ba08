/** What a sheet says above its table: what it is, where it comes from, and what to know about it. */
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import type { Remark, SourceReport } from '../../offers/results/results.ts'
import type { Language } from '../report/language.ts'
import { dateOf } from '../report/page-frame.ts'
import { wordsOf } from '../report/words.ts'
import { noteOf } from '../text/remarks.ts'

export interface TitleBlock {
  title: string
  /** How the offers were found. */
  found?: string
  source: SourceReport
  spent: number
  remarks: readonly Remark[]
  currency: OtherCurrency | null
  /** Milliseconds since 1970. */
  madeAt: number
  version: string
}

export function titleLines(
  { title, found, source, spent, remarks, currency, madeAt, version }: TitleBlock,
  language: Language,
): string[] {
  const words = wordsOf(language)
  const fetched = source.retrievedAt === null ? null : dateOf(source.retrievedAt)
  const about = words.provenance(source.upstream, fetched, source.stale, spent)
  const rate = currency === null ? '' : ` ${words.rate(currency)}`
  const note = noteOf(remarks, words.remarks)
  return [
    title,
    ...(found === undefined ? [] : [found]),
    `${about}${rate}`,
    ...(note === null ? [] : [note]),
    words.made(version, dateOf(madeAt)),
  ]
}
