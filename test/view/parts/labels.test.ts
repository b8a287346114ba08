import { expect, it } from 'vitest'
import { MISSES } from '../../../src/shape/text/misses.ts'
import { labelsOf } from '../../../src/view/parts/labels.ts'

it.each(['en', 'zh-CN'])('the grid in %s has words for every reason why an offer does not fit', locale => {
  expect(Object.keys(labelsOf(locale).misses).sort()).toEqual(Object.keys(MISSES).sort())
})
