import { expect, test } from 'vitest'
import { madeOnce } from '../../src/app/made-once.ts'

test('calls at the same time and later ones share one value', async () => {
  let times = 0
  const get = madeOnce(async (key: string) => `${key}${++times}`)
  expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['a1', 'a1', 'b2'])
  expect(await get('a')).toBe('a1')
})

test('a failure is shared by those who wait for it, and tried again by the next call', async () => {
  let times = 0
  const get = madeOnce(async (key: string) => {
    if (++times === 1) throw new Error('not yet')
    return `${key}${times}`
  })
  const waiting = [get('a'), get('a')]
  for (const call of waiting) await expect(call).rejects.toThrow('not yet')
  expect(await get('a')).toBe('a2')
})
