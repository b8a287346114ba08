import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { limitCredits } from '../../src/upstream-calls/payers/credit-limit.ts'

const REFUSED = { code: 'credits_exhausted' }

describe('the credits that a call may spend', () => {
  it('are not exceeded by searches that reserve at the same time', async () => {
    const payer = limitCredits(3)
    const reserved = await Promise.allSettled(Array.from({ length: 5 }, () => payer.reserve(1)))
    expect(reserved.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await expect(payer.reserve(1)).rejects.toMatchObject(REFUSED)
  })

  it('are given back where the account cannot pay', async () => {
    let left = 0
    const account = {
      reserve: async (credits: number) => {
        if (credits > left) throw new AppError({ code: 'credits_exhausted', message: 'No credits.', hint: 'Wait.' })
      },
      sent: () => () => undefined,
    }
    const payer = limitCredits(1, account)
    await expect(payer.reserve(1)).rejects.toMatchObject({ message: 'No credits.' })
    left = 1
    await expect(payer.reserve(1)).resolves.toBeUndefined()
    await expect(payer.reserve(1)).rejects.toMatchObject(REFUSED)
  })
})
