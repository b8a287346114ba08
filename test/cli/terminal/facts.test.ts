import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { factsText } from '../../../src/cli/terminal/facts.ts'

const DETAILS = `offer 10008: 户外运动保温杯
price: 22.60-24.80 CNY per 个; MOQ: 10
variants (name | price CNY | stock):
  墨绿/350ml | 24.80 | -
  红色 | 4.80 | 5861
note: one two three four five six seven`

describe('facts in a terminal', () => {
  it('have their names on the left, wrapped values, and rows in columns', () => {
    expect(factsText(DETAILS, 44)).toBe(`offer 10008  户外运动保温杯
price        22.60-24.80 CNY per 个; MOQ: 10
variants (name, price CNY, stock)
  墨绿/350ml  24.80  -
  红色        4.80   5861
note         one two three four five six
             seven`)
  })

  it('never are wider than the terminal', () => {
    const line = fc.stringMatching(/^[a-z]{1,30}: [a-z保温杯 |]{1,200}$/)
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.integer({ min: 12, max: 120 }), (lines, columns) => {
        const widths = factsText(lines.join('\n'), columns)
          .split('\n')
          .map(text => stringWidth(text))
        expect(Math.max(...widths)).toBeLessThanOrEqual(Math.max(columns, 30))
      }),
      { numRuns: 40 },
    )
  })
})
