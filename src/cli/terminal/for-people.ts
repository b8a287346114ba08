/** Replies speak to agents, of tools, arguments and exact times. A person at a terminal gets commands, flags and dates. */

/** Lines of a reply that say what to do, or when something was. */
const SPOKEN = /^(?:next|note|failed|error|source|dry run)\b/

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bwith action: add and offer_ids, or searches\b/g, 'with mcp-1688 watch add OFFER or --search TEXT'],
  [/\bget_product_details\(offer_id\)/g, 'mcp-1688 details OFFER'],
  [/\bget_product_details\b/g, 'mcp-1688 details'],
  [/\bsearch_by_image\b/g, 'mcp-1688 search'],
  [/\bsearch_by_keyword\b/g, 'mcp-1688 search --keyword'],
  [/\bcompare_products\b/g, 'mcp-1688 compare'],
  [/\bestimate_landed_cost\b/g, 'mcp-1688 report --compare'],
  [/\bcheck_watched\b/g, 'mcp-1688 watch check'],
  [/\bwatch_offers\b/g, 'mcp-1688 watch add'],
  [/\bsync_catalogue\b/g, 'mcp-1688 catalogue sync'],
  [/\bmax_credits: (?=\d)/g, '--max-credits '],
  [/\bmax_credits\b/g, '--max-credits'],
  [/\bdry_run\b/g, '--dry-run'],
  [/\bpage (?=\d+ has more)/g, '--page '],
  [/\bpage_size (?=\d)/g, '--page-size '],
  [/\boffer_ids\b/g, 'offers'],
  [/\boffer_id\b/g, 'offer ID'],
  [/\bdetail_url\b/g, 'the link'],
]

/** How long ago it was is said beside it. */
const FETCHED_AT = /( ago) \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/
const EXACT_TIME = /\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z/g

export function forPeople(text: string): string {
  return text
    .split('\n')
    .map(line => (SPOKEN.test(line) ? spoken(line) : line).replace(EXACT_TIME, '$1 $2 UTC'))
    .join('\n')
}

function spoken(line: string): string {
  const said = WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words), line)
  return said.replace(FETCHED_AT, '$1')
}
