import { expect, it } from 'vitest'
import { findThings } from '../../../src/vision/crops/things.ts'

/** A grid from rows of `#` (foreground) and `.`. */
const gridOf = (...rows: string[]) => Float32Array.from([...rows.join('')], cell => (cell === '#' ? 0.9 : 0.1))

it('finds each thing with a margin, the largest first', () => {
  const grid = gridOf(
    '##........', //
    '##........',
    '##....####',
    '......####',
    '......####',
    '......####',
    '..........',
    '..........',
    '..........',
    '..........',
  )
  expect(findThings(grid)).toEqual([
    { x: 57, y: 17, width: 43, height: 46 },
    { x: 0, y: 0, width: 23, height: 33 },
  ])
})

it('names none where one thing stands alone, with a speck beside it', () => {
  expect(findThings(gridOf('####......', ...Array(8).fill('####......'), '#########.'))).toEqual([])
  expect(findThings(gridOf('####.....#', ...Array(9).fill('####......')))).toEqual([])
  expect(findThings(new Float32Array(196))).toEqual([])
})

it('takes what touches at a corner only for two things, and what winds for one', () => {
  expect(findThings(gridOf('##..', '##..', '..##', '..##'))).toHaveLength(2)
  expect(findThings(gridOf('####', '#..#', '##.#', '...#'))).toHaveLength(0)
})
