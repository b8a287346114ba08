import { expect, it } from 'vitest'
import { giveUpCalls } from './given-up.ts'

/** bench/abuse/given-up.ts makes a thousand. */
it('calls given up at random moments are charged if they were sent, and only then', async () => {
  const { answered, givenUp, sent, charged } = await giveUpCalls({ calls: 120, keys: 2, ratePerMinute: 1_000, seed: 1 })
  expect(answered + givenUp).toBe(120)
  expect(answered).toBeGreaterThan(10)
  expect(givenUp).toBeGreaterThan(10)
  expect(sent).toBeGreaterThan(10)
  expect(charged).toBe(sent)
}, 60_000)
