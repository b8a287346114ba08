import { expect, it } from 'vitest'
import { forPeople } from '../../../src/cli/terminal/for-people.ts'

it.each([
  [
    'next: get_product_details(offer_id) gives price tiers, MOQ and pictures; page 2 has more.',
    'next: mcp-1688 details OFFER gives price tiers, MOQ and pictures; --page 2 has more.',
  ],
  ['next: Call again with max_credits: 3 for the rest.', 'next: Call again with --max-credits 3 for the rest.'],
  ['next: The same call without dry_run spends 2 credits.', 'next: The same call without --dry-run spends 2 credits.'],
  [
    'next: Add offers with action: add and offer_ids, or searches.',
    'next: Add offers with mcp-1688 watch add OFFER or --search TEXT.',
  ],
  [
    'source: sample, fetched 8 min ago (2026-11-29T08:54:24.634Z); credits spent: 0',
    'source: sample, fetched 8 min ago; credits spent: 0',
  ],
  ['next: The next is due at 2026-11-29T20:55:19.711Z.', 'next: The next is due at 2026-11-29 20:55 UTC.'],
  ['error: There is no such offer. Use an offer_id that search_by_image returned.', /an offer ID that mcp-1688 search/],
])('%j is said to a person as %j', (line, said) => {
  expect(forPeople(line)).toEqual(said instanceof RegExp ? expect.stringMatching(said) : said)
})

it('the words of sellers stay', () => {
  expect(forPeople('10001  search_by_image 杯')).toBe('10001  search_by_image 杯')
})
