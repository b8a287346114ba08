import type { AppError } from '../errors.ts'
import type { CompareFailure } from '../offers/results/comparison-result.ts'
import type { CostPartName } from '../offers/results/landed-cost-result.ts'
import type { Remark } from '../offers/results/results.ts'
import { noteOf } from '../shape/text/remarks.ts'
import { omitUnknown } from '../shape/text/values.ts'
import type { ClientAbilities } from './define.ts'

/** What a page in Chinese shows instead of the English of a reply; no model reads it. */
export interface InChinese {
  note?: string
  /** The picture of a search. */
  query?: string
  /** Parts that a landed cost lacks. */
  without?: string
  /** Why the call failed. */
  problem?: string
}

export interface SaidInEnglish {
  remarks?: readonly Remark[]
  query?: string
  /** Offers that are missing, which the note names as well. */
  failures?: readonly CompareFailure[]
  without?: readonly CostPartName[]
  error?: AppError
}

/** `null` where there is nothing to say, and where no page will show it. */
export async function inChinese(
  { remarks = [], query = '', failures = [], without = [], error }: SaidInEnglish,
  client: ClientAbilities | undefined,
): Promise<InChinese | null> {
  if (client === undefined || client.lacksPages) return null
  if (remarks.length + failures.length + without.length === 0 && query === '' && error === undefined) return null
  const [{ REMARKS_ZH }, { ERRORS_ZH }, { queryZh }, { costPartsZh }] = await Promise.all([
    import('../shape/text/words/remarks-zh.ts'),
    import('../shape/text/words/errors-zh.ts'),
    import('../shape/text/words/query-zh.ts'),
    import('../shape/text/words/cost-parts-zh.ts'),
  ])
  const missing = failures.map(({ reference, error: { code } }) => `${reference}：${ERRORS_ZH[code]}。`)
  const said = omitUnknown({
    note: [noteOf(remarks, REMARKS_ZH), ...missing].filter(text => text !== null).join('') || null,
    query: queryZh(query) === query ? null : queryZh(query),
    without: costPartsZh([...new Set(without)]) || null,
    problem: error && `${ERRORS_ZH[error.code]}。${nextZh(error)}`,
  })
  return Object.keys(said).length === 0 ? null : said
}

function nextZh({ code, retryable, retryAfterMs }: AppError): string {
  if (retryAfterMs !== undefined) return `${Math.ceil(retryAfterMs / 1000)} 秒后可重试。`
  if (retryable) return '请稍后再试。'
  return code.startsWith('picture_') ? '请换一张照片。' : ''
}
