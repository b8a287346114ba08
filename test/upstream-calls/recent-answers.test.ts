import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import type { Fetched } from '../../src/offers/results/fetched.ts'
import { createRecentAnswers } from '../../src/upstream-calls/recent-answers.ts'

describe('answers that were given a moment ago', () => {
  let time: number
  let hits: number
  let found: number
  let recent: ReturnType<typeof createRecentAnswers<number>>
  beforeEach(() => {
    time = 1_000_000
    hits = 0
    found = 0
    recent = createRecentAnswers<number>({ now: () => time, onHit: () => void hits++ })
  })
  const find =
    (more: Partial<Fetched<number>> = {}) =>
    async () => {
      const answer = { value: ++found, creditsSpent: 1, retrievedAt: time - 5_000, staleBecause: null }
      return { ...answer, ...more }
    }
  const call = { signal: new AbortController().signal }

  it('are given again for a second, with their own age and for nothing, and counted', async () => {
    expect(await recent.through('a', call, find())).toMatchObject({ value: 1, creditsSpent: 1 })
    time += 999
    expect(await recent.through('a', call, find())).toEqual({
      value: 1,
      creditsSpent: 0,
      retrievedAt: 995_000,
      staleBecause: null,
    })
    expect((await recent.through('b', call, find())).value).toBe(2)
    expect(hits).toBe(1)
    time += 1
    expect((await recent.through('a', call, find())).value).toBe(3)
    time -= 5_000
    expect((await recent.through('a', call, find())).value).toBe(4)
    expect(hits).toBe(1)
  })

  it('are passed over by who wants a new one, and replaced by it', async () => {
    await recent.through('a', call, find())
    expect((await recent.through('a', { ...call, refresh: true }, find())).value).toBe(2)
    expect((await recent.through('a', call, find())).value).toBe(2)
  })

  it('are not given where they stand in for a failure, nor to who has left', async () => {
    const staleBecause = new AppError({ code: 'upstream_unavailable', message: 'Down.', hint: 'Wait.' })
    await recent.through('a', call, find({ staleBecause }))
    expect((await recent.through('a', call, find())).value).toBe(2)
    expect((await recent.through('a', { signal: AbortSignal.abort() }, find())).value).toBe(3)
    expect(hits).toBe(0)
  })

  it('are forgotten when there are too many, the one looked up longest ago first', async () => {
    for (let n = 0; n <= 500; n++) await recent.through(String(n), call, find())
    await recent.through('500', call, find())
    expect(hits).toBe(1)
    await recent.through('0', call, find())
    expect(hits).toBe(1)
  })
})
