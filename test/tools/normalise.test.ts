import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { compareProducts } from '../../src/tools/buying/compare-products.ts'
import type { Tool } from '../../src/tools/define.ts'
import { getUsage } from '../../src/tools/get-usage.ts'
import { normaliseArguments } from '../../src/tools/normalise.ts'
import { getProductDetails } from '../../src/tools/offer/get-product-details.ts'
import { parseInput } from '../../src/tools/run.ts'
import { searchByImage } from '../../src/tools/search/search-by-image.ts'

const image_url = 'sample:dress-03.webp'
const search = (more: Record<string, unknown>) => parseInput(searchByImage, { image_url, ...more })
const DEFAULTS = parseInput(searchByImage, { image_url })

describe('an optional argument', () => {
  it.each([null, '', ' ', 'null', 'NULL', 'None', 'undefined', ['null'], [null], []])('of %j is left out', nothing => {
    for (const name of Object.keys(searchByImage.input.shape)) {
      if (name !== 'image_url') expect(search({ [name]: nothing }), name).toEqual(DEFAULTS)
    }
  })

  it('that the tool does not have may be null', () => expect(search({ colour: null })).toEqual(DEFAULTS))
})

describe('a required argument', () => {
  it.each([
    [null, 'image_url is missing'],
    ['', 'image_url is missing'],
  ])('of %j is not there', (nothing, message) => {
    expect(() => parseInput(searchByImage, { image_url: nothing })).toThrow(message)
  })
})

describe('a number', () => {
  it.each([
    ['2', 2],
    [' 20 ', 20],
    ['1,000', 1000],
    ['20.0', 20],
    ['２０', 20],
    ['٢٠', 20],
    [['3'], 3],
    [{ value: '3' }, 3],
    ['500 pcs', 500],
    ['500件', 500],
  ])('as %j is read', (sent, value) => expect(search({ page: sent })).toMatchObject({ page: value }))

  it.each([
    ['2.85', 2.85],
    ['¥2.85', 2.85],
    ['￥ 2.85', 2.85],
    ['CNY 1,234.50', 1234.5],
    ['20元', 20],
    ['.5', 0.5],
  ])('of money as %j is read', (sent, value) => expect(search({ max_price: sent })).toMatchObject({ max_price: value }))

  it.each(['first', '2,85', '1e9', '0x10', '5 or 6', 'Infinity', '2.5', '1.2.3', true])(
    'is not guessed from %j',
    sent => expect(() => search({ page: sent })).toThrow('page must be'),
  )

  it('keeps its bounds', () => expect(() => search({ page_size: '61' })).toThrow('page_size must be at most 60'))
})

it.each([
  ['reviews', ['reviews']],
  ['Reviews, description pictures', ['reviews', 'description_pictures']],
  ['["sales","reviews"]', ['sales', 'reviews']],
  [['reviews and sales'], ['reviews', 'sales']],
])('options in a list may come as %j', (include, options) => {
  expect(parseInput(getProductDetails, { offer_id: '10008', include })).toMatchObject({ include: options })
})

describe('a switch', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['yes', true],
    ['1', true],
    [1, true],
    ['false', false],
    ['off', false],
    [0, false],
  ])('as %j is read', (sent, value) =>
    expect(search({ include_images: sent })).toMatchObject({ include_images: value }),
  )

  it.each(['maybe', 2])('is not guessed from %j', sent =>
    expect(() => search({ include_images: sent })).toThrow('include_images must be a boolean'),
  )
})

describe('a choice', () => {
  it.each(['price asc', 'Price-Asc', 'PRICE_ASC', ' price_asc '])('as %j is read', sort =>
    expect(search({ sort })).toMatchObject({ sort: 'price_asc' }),
  )
})

describe('an ID', () => {
  const details = (offer_id: unknown) => parseInput(getProductDetails, { offer_id }).offer_id

  it.each([
    [791912182230, '791912182230'],
    [9007199254740991, '9007199254740991'],
    [['791912182230'], '791912182230'],
    [{ offer_id: '791912182230', title: 'x' }, '791912182230'],
  ])('as %j is text', (sent, id) => expect(details(sent)).toBe(id))

  it.each([9007199254740992, 7.9e20])('as a number whose digits were lost is refused: %d', id => {
    expect(() => details(id)).toThrow('offer_id is a number above 9007199254740991, whose last digits are lost')
    expect(() => parseInput(compareProducts, { offer_ids: [id, 10008] })).toThrow('offer_ids is a number above')
  })
})

describe('a list of IDs', () => {
  const ids = (offer_ids: unknown) => parseInput(compareProducts, { offer_ids }).offer_ids
  const link = (id: number) => `https://detail.1688.com/offer/${id}.html`

  it.each([
    ['["10008","10012"]'],
    ['[10008, 10012]'],
    ["['10008', '10012']"],
    ['10008,10012'],
    ['10008, 10012'],
    ['10008，10012'],
    ['10008、10012'],
    ['10008 10012'],
    ['10008\n10012'],
    ['- 10008\n- 10012'],
    [[10008, 10012]],
    [['10008', null, 10012]],
    [{ item: ['10008', '10012'] }],
    [{ 0: '10008', 1: '10012' }],
    [['10008,10012']],
    [['10008, 10012', '']],
    ['10008 and 10012'],
    ['#10008 & #10012'],
    [[{ id: 10008 }, { id: '10012' }]],
    [
      [
        { offer_id: '10008', title: 'a' },
        { offer_id: '10012', title: 'b' },
      ],
    ],
  ])('as %j is read', sent => expect(ids(sent)).toEqual(['10008', '10012']))

  it('keeps every digit of IDs in JSON text', () =>
    expect(ids('[7919121822301234567, 7919121822301234568]')).toEqual(['7919121822301234567', '7919121822301234568']))

  it.each([`${link(10008)}, ${link(10012)}`, `${link(10008)} ${link(10012)}`, `["${link(10008)}","${link(10012)}"]`])(
    'as links in one text is read: %s',
    sent => expect(ids(sent)).toEqual([link(10008), link(10012)]),
  )

  it('of one is still too short', () => expect(() => ids('10008')).toThrow('offer_ids needs at least 2 IDs'))
})

describe('a list of pictures', () => {
  const tool: Tool = { ...searchByImage, input: z.strictObject({ pictures: z.array(z.string()).min(1) }) }
  const pictures = (sent: unknown) => parseInput(tool, { pictures: sent }).pictures
  const data = 'data:image/png;base64,/9j/AAAA'

  it.each([
    [JSON.stringify(['https://a.com/1,2.jpg', data])],
    [`https://a.com/1,2.jpg\n${data}`],
    [`- https://a.com/1,2.jpg\r\n- ${data}\n`],
    [[{ url: 'https://a.com/1,2.jpg' }, { mimeType: 'image/png', data: '/9j/AAAA' }]],
  ])('as %j is read', sent => expect(pictures(sent)).toEqual(['https://a.com/1,2.jpg', data]))

  it('may be one data: URL', () => expect(pictures(data)).toEqual([data]))
})

describe('a picture', () => {
  it.each([
    [['https://a.com/1.jpg'], 'https://a.com/1.jpg'],
    [{ url: 'https://a.com/1.jpg' }, 'https://a.com/1.jpg'],
    [{ type: 'image_url', image_url: { url: 'https://a.com/1.jpg', detail: 'auto' } }, 'https://a.com/1.jpg'],
    [{ type: 'image', mimeType: 'image/png', data: 'AAAA' }, 'data:image/png;base64,AAAA'],
    [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      'data:image/png;base64,AAAA',
    ],
  ])('as %j is a reference', (sent, reference) =>
    expect(parseInput(searchByImage, { image_url: sent })).toMatchObject({ image_url: reference }),
  )
})

it.each([
  [[50, 0, 50, 100], '50,0,50,100'],
  [{ x: 50, y: 0, width: 50, height: 100 }, '50,0,50,100'],
])('a region as %j is text', (region, text) => expect(search({ region })).toMatchObject({ region: text }))

describe('all arguments', () => {
  it.each([
    ['one JSON string', JSON.stringify({ image_url, page: 2 })],
    ['a JSON string of a JSON string', JSON.stringify(JSON.stringify({ image_url, page: 2 }))],
    ['a list of one object', [{ image_url, page: 2 }]],
    ['an object in "arguments"', { arguments: { image_url, page: 2 } }],
    ['JSON in "input"', { input: JSON.stringify({ image_url, page: '2' }) }],
  ])('may be %s', (_what, sent) => expect(parseInput(searchByImage, sent)).toMatchObject({ image_url, page: 2 }))

  it.each([undefined, null, '', {}, []])('may be nothing: %j', sent => expect(parseInput(getUsage, sent)).toEqual({}))

  it.each([{ random_string: 'x' }, { dummy: '' }, { input: 'x' }, { upstream: 'null', random_string: 'x' }])(
    'of a tool that needs none may be those of a host: %j',
    sent => expect(parseInput(getUsage, sent)).toEqual({}),
  )

  it.each([{ pageSize: 5 }, { 'page-size': '5' }, { PageSize: 5 }])('may be named as in other languages: %j', sent =>
    expect(search(sent)).toMatchObject({ page_size: 5 }),
  )

  it('are still checked', () => {
    expect(() => search({ pageSize: 5, page_size: 6 })).toThrow('Unknown argument "pageSize"')
    expect(() => search({ pagesize: 5 })).toThrow('did you mean page_size')
    expect(() => search(JSON.parse('{"__proto__": 1, "constructor": 2}'))).toThrow('Unknown argument')
    expect(() => parseInput(getUsage, { month: 11 })).toThrow('Unknown argument "month"')
    expect(() => search({ random_string: 'x' })).toThrow('Unknown argument "random_string"')
    expect(() => parseInput(searchByImage, 'dress')).toThrow('The arguments must be a JSON object')
  })

  it('that are right are left as they are', () => {
    const right = z.object(searchByImage.input.shape)
    const given = fc.record(
      {
        image_url: fc.constantFrom(image_url, 'https://a.com/1.jpg', '~/a b.jpg'),
        page: fc.integer({ min: 1, max: 10_000 }),
        max_price: fc.double({ min: 0.01, max: 1e8, noNaN: true }),
        location: fc.constantFrom('义乌', 'Yiwu', ' 0571 '),
        sort: fc.constantFrom('best_match', 'sales'),
        include_images: fc.boolean(),
      },
      { requiredKeys: ['image_url'] },
    )
    fc.assert(fc.property(given, args => void expect(normaliseArguments(right, args)).toEqual(args)))
  })
})
