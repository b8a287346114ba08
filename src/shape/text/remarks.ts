/** The words for remarks: built from our own sentences and numbers only, never from listing text. */
import type { Remark } from '../../offers/results/results.ts'

/** One line for all remarks of an answer, or `null` where there is nothing to say. */
export function noteOf(remarks: readonly Remark[]): string | null {
  return remarks.length === 0 ? null : remarks.map(sentenceOf).join(' ')
}

function sentenceOf(remark: Remark): string {
  switch (remark.kind) {
    case 'sample_data':
      return 'SAMPLE DATA: made-up offers that cannot be ordered. For all of 1688 set up open1688 or TMAPI; Parse covers sun protection and face masks only.'
    case 'nothing_alike':
      return 'Nothing alike is known: even the best offer is only a weak match.'
    case 'index_incomplete':
      return indexIncomplete(remark)
    case 'pictures_pending':
      return `${remark.pending} pictures are still being compared; the same search covers more of them in a moment, at no cost.`
    case 'pictures_failed':
      return `${remark.failed} offers could not be compared: their pictures cannot be fetched.`
    case 'upstream_failed':
      return `The upstream gave no fresh answer (${remark.code}), so this is what was known before. ${remark.message} ${remark.hint}`.trimEnd()
    case 'passed_over':
      return `${remark.upstream} was asked before and could not answer (${remark.code}): ${remark.message} ${remark.hint}`.trimEnd()
    case 'filtered_here':
      return `Filters were applied to the ${remark.looked} offers that ${remark.upstream} gave for this page: ${remark.left} pass, and unknown values do not.`
    case 'filtered_known':
      return filteredKnown(remark)
    case 'titles_searched':
      return `The words were looked for in the titles of the ${remark.known} offers known here, not in all of 1688.`
    case 'no_key':
      return `No key for ${remark.upstream} is set, so it cannot be asked.`
    case 'limits_not_shared':
      return 'The ledger cannot be written, so other processes that use the same key are not counted.'
    case 'catalogue_in_memory':
      return 'The catalogue file cannot be used; what is learned now is forgotten when the server stops.'
    case 'places_taken':
      return `location was read as ${remark.places.join(' or ')}.`
    case 'shop_of_search':
      return 'Where details name no shop, the shop is what a search told of the offer.'
  }
}

function indexIncomplete(remark: Extract<Remark, { kind: 'index_incomplete' }>): string {
  if (remark.fetched === 0) return "Nothing of the upstream's index has been fetched yet; sync_catalogue does that."
  const size = remark.total === null ? 'an unknown number of' : String(remark.total)
  const cost =
    remark.creditsToFinish === null
      ? ''
      : ` (${remark.creditsToFinish} ${remark.creditsToFinish === 1 ? 'credit' : 'credits'})`
  return `Only ${remark.fetched} of ${size} offers of the upstream have been fetched; sync_catalogue fetches the rest${cost}.`
}

function filteredKnown({ looked, left, byMoq }: Extract<Remark, { kind: 'filtered_known' }>): string {
  const moq = byMoq ? ' (most MOQs are known only after get_product_details)' : ''
  return `Of ${looked} offers ${left} pass the filters; unknown values do not${moq}.`
}
