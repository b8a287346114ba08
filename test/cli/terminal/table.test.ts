import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { alignTable, cut } from '../../../src/cli/terminal/table.ts'
import type { TextTable } from '../../../src/shape/text/page.ts'

const TABLE: TextTable = {
  columns: [
    { name: 'offer_id' },
    { name: 'price', kind: 'number' },
    { name: 'sold', kind: 'minor' },
    { name: 'title', kind: 'long' },
    { name: 'link', kind: 'below' },
  ],
  rows: [
    'same item',
    ['10001', '20.50', '5万+', '不锈钢保温杯大容量户外运动水壶', 'https://detail.1688.com/offer/10001.html'],
    'not alike',
    ['791912182230', '3.00', '-', 'mug', '-'],
  ],
}

const textOf = (width: number) => alignTable(TABLE, width).lines.map(({ text }) => text)

describe('alignTable', () => {
  it('lines up columns though Chinese characters are twice as wide', () => {
    expect(textOf(80)).toEqual([
      'offer_id      price  sold  title',
      'same item',
      '10001         20.50  5万+  不锈钢保温杯大容量户外运动水壶',
      '  https://detail.1688.com/offer/10001.html',
      'not alike',
      '791912182230   3.00  -     mug',
    ])
  })

  it('cuts what is long first, then leaves out what is minor, and says so', () => {
    expect(textOf(45)[2]).toBe('10001         20.50  5万+  不锈钢保温杯大容…')
    expect(alignTable(TABLE, 45).leftOut).toEqual([])
    expect(textOf(32)[2]).toBe('10001         20.50  不锈钢保温…')
    expect(alignTable(TABLE, 32).leftOut).toEqual(['sold'])
  })

  it('leaves out a column without known values', () => {
    const rows = [
      ['1', '-', 'a'],
      ['2', '-', 'b'],
    ]
    const columns = [{ name: 'id' }, { name: 'similarity' }, { name: 'title' }]
    expect(alignTable({ columns, rows }, 80).lines.map(({ text }) => text)).toEqual(['id  title', '1   a', '2   b'])
  })

  it('never writes past the edge, whatever the cells hold', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('-', '保温杯'.repeat(9), '👨‍👩‍👧 e\u0301'),
    )
    const kinds = fc.constantFrom('number' as const, 'long' as const, 'minor' as const, undefined)
    const tables = fc.integer({ min: 1, max: 6 }).chain(size =>
      fc.record({
        columns: fc.tuple(
          ...Array.from({ length: size }, (_, index) =>
            kinds.map(kind => ({ name: `c${index}`, ...(kind ? { kind } : {}) })),
          ),
        ),
        rows: fc.array(
          fc.tuple(...Array.from({ length: size }, (_, index) => (index === 0 ? fc.constant('10001') : cell))),
          { maxLength: 5 },
        ),
      }),
    )
    fc.assert(
      fc.property(tables, fc.integer({ min: 12, max: 120 }), (table, width) => {
        const { lines } = alignTable(table, width)
        for (const { text } of lines) expect(stringWidth(text)).toBeLessThanOrEqual(width)
        expect(lines).toHaveLength(table.rows.length + 1)
      }),
    )
  })
})

describe('cut', () => {
  it.each([
    ['保温杯', 6, '保温杯'],
    ['保温杯', 5, '保温…'],
    ['保温杯', 4, '保…'],
    ['cups', 3, 'cu…'],
    ['', 3, ''],
  ])('%j at %i is %j', (text, width, expected) => {
    expect(cut(text, width)).toBe(expected)
  })
})
