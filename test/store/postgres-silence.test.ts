import { afterEach, expect, it, vi } from 'vitest'
import { createPostgres } from '../../src/store/postgres.ts'

afterEach(() => void vi.useRealTimers())

it('waits once for a database that does not answer, not once for each call, and asks again after a while', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  let asked = 0
  const silent = {
    run: () => {
      asked++
      return Promise.reject(new Error('timeout exceeded when trying to connect'))
    },
    end: async () => undefined,
  }
  const { query } = createPostgres(async () => silent).tables('check', [])
  for (let call = 0; call < 5; call++) {
    await expect(query('SELECT 1')).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
  }
  expect(asked).toBe(1)
  vi.advanceTimersByTime(3_001)
  await expect(query('SELECT 1')).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(asked).toBe(2)
})

it('keeps asking a database that refused one statement', async () => {
  let asked = 0
  const refusing = {
    run: () => {
      asked++
      return Promise.reject(
        Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014', severity: 'ERROR' }),
      )
    },
    end: async () => undefined,
  }
  const { query } = createPostgres(async () => refusing).tables('check', [])
  for (let call = 0; call < 2; call++)
    await expect(query('SELECT 1')).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(asked).toBe(2)
})
