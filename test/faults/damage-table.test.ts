/** One damage of every second file; bench/abuse/damaged-files has all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAMAGED_FILES, prepareTrials, TRIALS, type Trials } from '../support/damage-trials.ts'

let trials: Trials
beforeAll(async () => {
  trials = await prepareTrials()
}, 60_000)
afterAll(() => trials.close())

describe('of the files in the data folder,', () => {
  const one = DAMAGED_FILES.map((file, index) => ({ file, kinds: Object.keys(file.kinds), index }))
  const chosen = one.map(({ file, kinds, index }) => ({
    file,
    name: file.name,
    kind: kinds[index % kinds.length] ?? '',
  }))

  test('at least 114 damages are tried in all', () => {
    expect(TRIALS.length).toBeGreaterThanOrEqual(114)
  })

  test.each(chosen.filter((_, index) => index % 2 === 0))(
    '$name, $kind, opens nothing to strangers, and heals or is named',
    async ({ file, kind }) => {
      const { isOpen, outcome, output } = await trials.try(file, kind)
      expect(isOpen).toBe(false)
      expect(outcome, output).not.toBe('silent')
    },
  )
})
