import type { Remark } from '../offers/results/results.ts'
import { noteOf } from '../shape/text/remarks.ts'
import type { ClientAbilities } from './define.ts'

/** The note as a page in Chinese shows it; `null` without remarks, and where no page will show it. */
export async function noteZhOf(
  remarks: readonly Remark[],
  client: ClientAbilities | undefined,
): Promise<string | null> {
  if (remarks.length === 0 || client === undefined || client.lacksPages) return null
  const { REMARKS_ZH } = await import('../shape/text/words/remarks-zh.ts')
  return noteOf(remarks, REMARKS_ZH)
}
