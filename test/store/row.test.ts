import { describe, expect, it } from 'vitest'
import {
  bytesIn,
  nullableBytesIn,
  nullableNumberIn,
  nullableTextIn,
  numberIn,
  type Row,
  textIn,
} from '../../src/store/row.ts'

const ROW: Row = { real: 2.5, large: '9007199254740991', big: 7n, text: 'abc', bytes: new Uint8Array([1]), none: null }

describe('a column', () => {
  it('is a number from either driver', () => {
    expect([numberIn(ROW, 'real'), numberIn(ROW, 'large'), numberIn(ROW, 'big')]).toEqual([2.5, 9007199254740991, 7])
  })

  it('is text or bytes as it was written', () => {
    expect([textIn(ROW, 'text'), bytesIn(ROW, 'bytes')]).toEqual(['abc', new Uint8Array([1])])
  })

  it('may be NULL if that is expected', () => {
    expect([nullableNumberIn(ROW, 'none'), nullableTextIn(ROW, 'none'), nullableBytesIn(ROW, 'none')]).toEqual([
      null,
      null,
      null,
    ])
  })

  it.each([
    ['text as a number', () => numberIn(ROW, 'text'), 'Column text is not a number but string.'],
    ['NULL as a number', () => numberIn(ROW, 'none'), 'Column none is not a number but null.'],
    ['a number as text', () => textIn(ROW, 'real'), 'Column real is not text but number.'],
    ['text as bytes', () => nullableBytesIn(ROW, 'text'), 'Column text is not bytes but string.'],
    ['a column that is missing', () => nullableTextIn(ROW, 'txet'), 'Column txet is not text but undefined.'],
    ['a row that is missing', () => numberIn(undefined, 'real'), 'Column real is not a number but undefined.'],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(new TypeError(message))
  })
})
