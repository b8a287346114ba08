/** Documented bodies in which one field at a time is null, absent or of another type are read all the same. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { parseDetails } from '../../src/upstreams/open1688/mapping/details.ts'
import { parseQueryPage, parseSimilarPage } from '../../src/upstreams/open1688/mapping/search.ts'
import { parseIndexPage, parseDetails as parseParseDetails } from '../../src/upstreams/parse/mapping.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { exchangeTypes, makeListings } from '../support/listings.ts'
import { detailRecord } from '../support/open1688-details.ts'
import { imagePage, keywordPage, similarPage } from '../support/open1688-shapes.ts'
import { detailsBody, indexBody } from '../support/parse-shapes.ts'

const LISTINGS = makeListings(3)
const QUERY = { page: 1, pageSize: 20 }
const ROWS = makeIndexRows(2, ['https://cbu01.alicdn.com/img/ibank/one.jpg'])
const [FIRST] = LISTINGS
const [ROW] = ROWS
if (!FIRST || !ROW) throw new Error('no listing')
const OFFER_ID = String(FIRST.id)

/** With the paths without which there is nothing to read. */
const TRANSLATORS: readonly (readonly [string, (body: unknown) => unknown, unknown, readonly string[]])[] = [
  ['open1688, picture', body => parseQueryPage(body, QUERY), { result: imagePage(LISTINGS, 1, 20) }, ['result']],
  ['open1688, words', body => parseQueryPage(body, QUERY), { result: keywordPage(LISTINGS, 1, 20) }, ['result']],
  ['open1688, linkplus', body => parseSimilarPage(body, QUERY), similarPage(LISTINGS, 1, 20), []],
  ['open1688, details', body => parseDetails(body, OFFER_ID), { result: detailRecord(FIRST) }, ['result']],
  ['parse, search', parseIndexPage, indexBody(ROWS, 1, 60, 'https://pictures.example/x.jpg'), ['data']],
  ['parse, details', body => parseParseDetails(body, ROW.offer_id), detailsBody(ROW), ['data', 'data.title']],
]

describe.each(TRANSLATORS)('%s', (_name, read, documented, essential) => {
  const paths = pathsOf(documented)

  it.each([
    ['null', () => null],
    ['another type', exchangeTypes],
  ] as const)('reads each field as %s', (_kind, change) => {
    const unread = paths
      .filter(path => !essential.includes(path.join('.')))
      .filter(path => failsToRead(read, changed(documented, path, change)))
    expect(unread.map(path => path.join('.'))).toEqual([])
    expect(paths.length).toBeGreaterThan(10)
  })

  it('reads all fields as another type', () => {
    expect(failsToRead(read, exchangeTypes(documented))).toBe(false)
  })
})

type Path = readonly string[]

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...pathsOf(inner, [...at, key])])
}

function changed(value: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value)
  if (Array.isArray(value)) return value.map((inner, at) => (String(at) === key ? changed(inner, rest, change) : inner))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? changed(inner, rest, change) : inner]),
  )
}

/** Whether the body is said to be of an unexpected shape. */
function failsToRead(read: (body: unknown) => unknown, body: unknown): boolean {
  try {
    read(body)
    return false
  } catch (error) {
    if (error instanceof AppError) return error.code === 'upstream_changed'
    throw error
  }
}
