/** Three faults of the file of imported offers that need the whole program; bench/abuse/own-catalogue has all, at 1,000 offers. */
import { expect, test } from 'vitest'
import { faultOf, OWN_TRIALS } from '../support/own-trials.ts'

const WHOLE_PROGRAM = OWN_TRIALS.filter(({ kind }) =>
  ['killed in an import', 'read-only', 'a full disk'].includes(kind),
)

test('at least twelve kinds of faults are tried in all', () => {
  expect(OWN_TRIALS.length).toBeGreaterThanOrEqual(12)
})

test.each(WHOLE_PROGRAM.map(trial => ({ trial, kind: trial.kind })))(
  '$kind loses no imported offer',
  async ({ trial }) => {
    expect(faultOf(trial, await trial.run(30, false))).toBeNull()
  },
)
