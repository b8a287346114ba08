import { expect, test } from 'vitest'
import { PARSE_TIERS, resolveAllowance } from '../../../src/limits/ledger/allowance.ts'

test('the tiers are those of the price table', () => {
  expect(PARSE_TIERS).toEqual({
    free: { callsPerMinute: 5, creditsPerMonth: 100, creditResetDay: null },
    hobby: { callsPerMinute: 20, creditsPerMonth: 1_000, creditResetDay: null },
    developer: { callsPerMinute: 250, creditsPerMonth: 5_000, creditResetDay: null },
  })
})

test('a figure that is set wins, also as "no limit"; one that is not set stays', () => {
  expect(resolveAllowance(PARSE_TIERS.hobby)).toEqual(PARSE_TIERS.hobby)
  expect(resolveAllowance(PARSE_TIERS.hobby, { callsPerMinute: null, creditsPerMonth: undefined })).toEqual({
    callsPerMinute: null,
    creditsPerMonth: 1_000,
    creditResetDay: null,
  })
  expect(resolveAllowance(PARSE_TIERS.free, { creditsPerMonth: 0, creditResetDay: 28 })).toEqual({
    callsPerMinute: 5,
    creditsPerMonth: 0,
    creditResetDay: 28,
  })
})
