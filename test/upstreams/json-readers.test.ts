import { describe, expect, it } from 'vitest'
import {
  asBoolean,
  asIdText,
  asInteger,
  asOfferId,
  asPictureUrl,
  asPositive,
  asTitle,
  parseRows,
} from '../../src/upstreams/json-readers.ts'

describe('reading upstream JSON', () => {
  it.each([
    [12, 12],
    ['12', 12],
    [' 12 ', 12],
    ['1.5', null],
    [1.5, null],
    ['-1', null],
    [0, null],
    ['1e3', null],
    [1e10, null],
    [true, null],
    [null, null],
    [[12], null],
  ])('reads %j as the integer %j', (raw, expected) => {
    expect(asInteger(raw, 1)).toBe(expected)
  })

  it.each([
    [0.35, 0.35],
    ['0.35', 0.35],
    [0, null],
    ['0', null],
    [-1, null],
    [1001, null],
    ['NaN', null],
    [Number.NaN, null],
  ])('reads %j as the positive number %j', (raw, expected) => {
    expect(asPositive(raw, 1000)).toBe(expected)
  })

  it.each([
    [true, true],
    ['True ', true],
    ['false', false],
    [false, false],
    [1, null],
    ['yes', null],
    [null, null],
  ])('reads %j as the boolean %j', (raw, expected) => {
    expect(asBoolean(raw)).toBe(expected)
  })

  it.each([
    [610000000001, '610000000001', '610000000001'],
    ['610000000001', '610000000001', '610000000001'],
    ['007', '007', null],
    [2 ** 53, null, null],
    ['1234', '1234', null],
    ['61000000000l', null, null],
  ])('takes %j for the id %j, of an offer %j', (raw, id, offerId) => {
    expect(asIdText(raw)).toBe(id)
    expect(asOfferId(raw)).toBe(offerId)
  })

  it.each([
    ['//cbu01.alicdn.com/a.jpg', 'https://cbu01.alicdn.com/a.jpg'],
    [' http://cbu01.alicdn.com/a.jpg ', 'http://cbu01.alicdn.com/a.jpg'],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['data:image/png;base64,AA', null],
    ['https://user:secret@cbu01.alicdn.com/a.jpg', null],
    ['img/ibank/a.jpg', null],
    [`https://cbu01.alicdn.com/${'a'.repeat(500)}`, null],
    [7, null],
  ])('takes %j for the picture %j', (raw, expected) => {
    expect(asPictureUrl(raw)).toBe(expected)
  })

  it('removes markup and hidden characters from a title', () => {
    expect(asTitle('<font color="red">防晒</font>口罩\u200B\u202E \n 夏季')).toBe('防晒口罩 夏季')
    expect(asTitle('<font></font>')).toBeNull()
  })

  it('leaves out single unreadable rows, and names the path if it can read none', () => {
    const read = ({ id }: Readonly<Record<string, unknown>>) => asOfferId(id)
    expect(parseRows([{ id: 12345 }, null, { id: 'x' }, 7], 'data.items', read)).toEqual(['12345'])
    expect(parseRows([], 'data.items', read)).toEqual([])
    expect(() => parseRows([{ id: 'x' }], 'data.items', read)).toThrow(/data\.items\[0\] is not an offer/)
  })
})
