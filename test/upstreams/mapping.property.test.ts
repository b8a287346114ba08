import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { AppError } from '../../src/errors.ts'
import { asObject } from '../../src/upstreams/json-readers.ts'
import { parseDetails as parseOpenDetails } from '../../src/upstreams/open1688/mapping/details.ts'
import { parseQueryPage, parseSimilarPage } from '../../src/upstreams/open1688/mapping/search.ts'
import { parseIndexPage, parseDetails as parseParseDetails } from '../../src/upstreams/parse/mapping.ts'
import { parseOfferPage, parseDetails as parseTmapiDetails } from '../../src/upstreams/tmapi/mapping.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { spoiled } from '../support/json-faults.ts'
import { makeListings } from '../support/listings.ts'
import { detailRecord } from '../support/open1688-details.ts'
import { imagePage, keywordPage, similarPage } from '../support/open1688-shapes.ts'
import { detailsBody, indexBody } from '../support/parse-shapes.ts'
import { inventedIn, validDetails, validPage } from '../support/provenance.ts'
import { detailsOf, foundPage, translatedPage } from '../support/tmapi-shapes.ts'

const CASES = 2_000

const LISTINGS = makeListings(4).slice(2)
const [FIRST] = LISTINGS
if (!FIRST) throw new Error('no listing')
const OFFER_ID = String(FIRST.id)
const QUERY = { page: 1, pageSize: 20 }
const INDEX_ROWS = makeIndexRows(2, ['https://cbu01.alicdn.com/img/ibank/one.jpg'])
const [INDEX_ROW] = INDEX_ROWS
if (!INDEX_ROW) throw new Error('no row')

const NAMES_A_PATH = /from the upstream: (the body|(data|result)[\w.[\]]*) is not /

/** With a body as it is documented. */
type Case = readonly [name: string, valid: z.ZodType, read: (body: unknown) => unknown, body: unknown]

const TRANSLATORS: readonly Case[] = [
  ['open1688, picture', validPage, body => parseQueryPage(body, QUERY), { result: imagePage(LISTINGS, 1, 20) }],
  ['open1688, words', validPage, body => parseQueryPage(body, QUERY), { result: keywordPage(LISTINGS, 1, 20) }],
  ['open1688, linkplus', validPage, body => parseSimilarPage(body, QUERY), similarPage(LISTINGS, 1, 20)],
  ['open1688, details', validDetails, body => parseOpenDetails(body, OFFER_ID), { result: detailRecord(FIRST) }],
  ['tmapi, search', validPage, parseOfferPage, { code: 200, data: foundPage(LISTINGS, 1, 20) }],
  ['tmapi, translated', validPage, parseOfferPage, { code: 200, data: translatedPage(LISTINGS, 1, 20) }],
  ['tmapi, details', validDetails, body => parseTmapiDetails(body, OFFER_ID), { code: 200, data: detailsOf(FIRST) }],
  ['parse, search', validPage, parseIndexPage, indexBody(INDEX_ROWS, 1, 60, 'https://pictures.example/x.jpg')],
  ['parse, details', validDetails, body => parseParseDetails(body, OFFER_ID), detailsBody(INDEX_ROW)],
]

describe.each(TRANSLATORS)('%s', (_name, valid, read, documented) => {
  const body = withoutUsualDefaults(documented)

  it('reads the documented body, and invents nothing', () => {
    const value = read(body)
    expect(valid.parse(value)).toEqual(value)
    expect(inventedIn(value, body, [OFFER_ID])).toEqual([])
  })

  it(`reads ${CASES} damaged bodies, or names the path that it does not understand`, { timeout: 60_000 }, () => {
    const outcomes = { read: 0, refused: 0 }
    fc.assert(
      fc.property(spoiled(body), damaged => {
        const value = attempt(() => read(damaged))
        if (value instanceof AppError) {
          outcomes.refused++
          return value.code === 'upstream_changed' ? NAMES_A_PATH.test(value.message) : isEmptySuccess(damaged)
        }
        outcomes.read++
        const { error } = valid.safeParse(value)
        if (error) throw error
        const invented = inventedIn(value, damaged, [OFFER_ID])
        if (invented.length > 0) throw new Error(`invented: ${invented.join(', ')}`)
        return true
      }),
      { numRuns: CASES },
    )
    // Both outcomes occurred, so neither half of the property is vacuous.
    expect(outcomes.read).toBeGreaterThan(CASES / 10)
    expect(outcomes.refused).toBeGreaterThan(CASES / 100)
  })
})

/** Contains no 0 and no 1: an invented value is most likely one of them. */
function withoutUsualDefaults(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body, (_key, value) => (['0', '1'].includes(String(value)) ? 7 : value)))
}

/** `{"result": {"result": null}}`: details that are missing from a success. */
function isEmptySuccess(body: unknown): boolean {
  return asObject(asObject(body)?.result)?.result === null
}

/** Any exception but an AppError fails the property. */
function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
