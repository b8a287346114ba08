import { expect, it } from 'vitest'
import type { Remark } from '../../../src/offers/results/results.ts'
import { noteOf } from '../../../src/shape/text/remarks.ts'
import { REMARKS_ZH } from '../../../src/shape/text/words/remarks-zh.ts'

it.each([
  [
    60,
    150,
    2,
    "Only 60 of 150 offers in the upstream's index have been fetched; sync_catalogue fetches the rest (2 credits).",
  ],
  [
    0,
    null,
    null,
    "None of the upstream's index has been fetched yet; sync_catalogue fetches it (the first page shows at what cost).",
  ],
  [0, 150, 3, "The copy of the upstream's index is due for renewal; sync_catalogue fetches it again (3 credits)."],
])('says of an index with %i of %s offers what the rest costs', (fetched, total, creditsToFinish, note) => {
  expect(noteOf([{ kind: 'index_incomplete', fetched, total, creditsToFinish }])).toBe(note)
})

it('names the file of a damaged catalogue, and mentions imports only if it may hold some', () => {
  const file = 'catalogue.damaged-20261128T090507Z.db'
  const noteFor = (mayHoldImports: boolean) => noteOf([{ kind: 'catalogue_set_aside', file, mayHoldImports }])
  expect(noteFor(false)).toBe(
    `The catalogue was damaged, so a new one was started. The damaged file is kept as ${file} in the data folder.`,
  )
  expect(noteFor(true)).toBe(`${noteFor(false)} Import your own offers again, or recover them from that file.`)
})

it('says how many imported offers were restored and how many were not', () => {
  const noteFor = (lost: number | null) =>
    noteOf([{ kind: 'imports_restored', file: 'own.damaged.db', restored: 2, lost }])
  expect(noteFor(0)).toContain('2 offers restored from its copies and what could be read; none is lost.')
  expect(noteFor(1)).toContain('1 offer could not be restored: import it again.')
  expect(noteFor(null)).toContain('whether it held more cannot be read.')
})

const WHY = { code: 'rate_limited' as const, message: 'Too many calls.', hint: 'Wait a minute.' }
const PLACES = { upstream: 'tmapi', position: 2 }

const EVERY_KIND: { [Kind in Remark['kind']]: Extract<Remark, { kind: Kind }> } = {
  sample_data: { kind: 'sample_data' },
  own_only: { kind: 'own_only', isEmpty: true },
  nothing_alike: { kind: 'nothing_alike', isSure: false },
  older_vectors: { kind: 'older_vectors', offers: 3 },
  own_matches: {
    kind: 'own_matches',
    offers: [{ offerId: '10001', title: '保温杯', likeness: 'same item' }],
    more: 2,
  },
  several_things: { kind: 'several_things', regions: [{ x: 1, y: 2, width: 3, height: 4 }] },
  picture_cut: { kind: 'picture_cut' },
  picture_kept: { kind: 'picture_kept', reference: 'clipboard', ageS: 40 },
  photo_failed: { kind: 'photo_failed', position: 2, ...WHY },
  photo_search_failed: { kind: 'photo_search_failed', ...PLACES, ...WHY },
  photos_not_searched: { kind: 'photos_not_searched', upstream: 'tmapi', positions: [2, 3], credits: 2 },
  index_incomplete: { kind: 'index_incomplete', fetched: 60, total: 150, creditsToFinish: 2 },
  pictures_pending: { kind: 'pictures_pending', pending: 5 },
  pictures_failed: { kind: 'pictures_failed', failed: 5 },
  upstream_failed: { kind: 'upstream_failed', ...WHY, retryable: true },
  imported_instead: { kind: 'imported_instead', ...WHY },
  passed_over: { kind: 'passed_over', upstream: 'open1688', ...WHY },
  filtered: {
    kind: 'filtered',
    upstream: 'tmapi',
    there: ['max_price'],
    here: ['location', 'seller'],
    looked: 20,
    fitting: 7,
    unlisted: 2,
    values: ['place', 'kind of seller'],
  },
  sorted: { kind: 'sorted', sort: 'price_asc', by: null, within: 'alike' },
  more_unread: { kind: 'more_unread', upstream: 'tmapi', looked: 20, credits: 1 },
  page_failed: { kind: 'page_failed', upstream: 'tmapi', looked: 20, ...WHY },
  titles_searched: { kind: 'titles_searched', known: 734 },
  no_key: { kind: 'no_key', upstream: 'tmapi' },
  limits_not_shared: { kind: 'limits_not_shared' },
  ledger_damaged: { kind: 'ledger_damaged', message: 'The ledger is damaged.', hint: 'Run doctor.' },
  catalogue_in_memory: { kind: 'catalogue_in_memory' },
  history_not_kept: { kind: 'history_not_kept' },
  replies_set_aside: { kind: 'replies_set_aside', file: 'replies.damaged.db' },
  catalogue_set_aside: { kind: 'catalogue_set_aside', file: 'index.damaged.db', mayHoldImports: true },
  imports_restored: { kind: 'imports_restored', file: 'own.damaged.db', restored: 2, lost: 1 },
  unknown_variable: { kind: 'unknown_variable', name: 'MCP1688_CASH', nearest: 'MCP1688_CACHE' },
  headline_prices: { kind: 'headline_prices', offers: 1, compared: 3, quantity: 500 },
  places_taken: { kind: 'places_taken', places: ['浙江省台州市', '江苏省泰州市'] },
  part_failed: { kind: 'part_failed', part: 'domestic freight', ...WHY },
  quotes_converted: { kind: 'quotes_converted', offers: 2, currency: 'USD' },
  priced_by_pack: {
    kind: 'priced_by_pack',
    offerId: '10001',
    currency: 'CNY',
    name: 'dozen',
    units: 12,
    price: '24',
  },
  shop_of_search: { kind: 'shop_of_search' },
}

/** Names that people type, which stay as they are. */
const NAMES =
  /open1688|TMAPI|Parse|tmapi|API|mcp-1688 (?:catalogue import|doctor)|sync_catalogue|max_credits|region|clipboard|CNY|own\.db|\w+\.damaged\.db|MCP1688_\w+/g

it.each(Object.values(EVERY_KIND))('is in Chinese for documents in Chinese: $kind', remark => {
  const note = noteOf([remark], REMARKS_ZH) ?? ''
  expect(note.replaceAll(NAMES, '')).not.toMatch(/[A-Za-z]/)
  expect(note).toMatch(/\p{Script=Han}.*[。？]$/u)
  expect(noteOf([remark])).not.toContain('。')
})

it('says in Chinese what was filtered by whom, and why something is missing', () => {
  const { filtered, passed_over } = EVERY_KIND
  expect(noteOf([filtered, passed_over], REMARKS_ZH)).toBe(
    '由 tmapi 筛选：最高价。在本地筛选：所在地、商家类型。查看的 20 个货源中 7 个符合条件。另有 2 个未标明所在地或商家类型，排在其后。' +
      '先请求了 open1688，但未能得到结果：请求过于频繁。',
  )
})
