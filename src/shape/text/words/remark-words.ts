import type { Remark } from '../../../offers/results/results.ts'

type RemarkOfKind = { [Kind in Remark['kind']]: Extract<Remark, { kind: Kind }> }

/** A sentence for each kind of remark, in one language. Listing text never goes in. */
export type RemarkWords = { readonly [Kind in Remark['kind']]: (remark: RemarkOfKind[Kind]) => string }

export function sentenceOf<Kind extends Remark['kind']>(
  words: RemarkWords,
  kind: Kind,
  remark: RemarkOfKind[Kind],
): string {
  return words[kind](remark)
}
