import { expect, test } from 'vitest'
import { createPermits } from '../../../src/limits/gate/permits.ts'

const FOREVER = new AbortController().signal

test('hands out no more than there are, first come, first served', async () => {
  const permits = createPermits(2)
  const order: string[] = []
  const take = async (name: string): Promise<() => void> => {
    const giveBack = await permits.take(FOREVER)
    order.push(name)
    return giveBack
  }
  const [first, second, third, fourth] = ['a', 'b', 'c', 'd'].map(take)
  const giveBack = await first
  await second
  expect(order).toEqual(['a', 'b'])
  giveBack?.()
  giveBack?.()
  await third
  expect(order).toEqual(['a', 'b', 'c'])
  ;(await second)?.()
  await fourth
  expect(order).toEqual(['a', 'b', 'c', 'd'])
})

test('a permit is not lost when its caller cancels, before or just as it arrives', async () => {
  const permits = createPermits(1)
  const giveBack = await permits.take(FOREVER)
  const [early, late] = [new AbortController(), new AbortController()]
  const gaveUp = permits.take(early.signal)
  const called = permits.take(late.signal)
  early.abort()
  await expect(gaveUp).rejects.toMatchObject({ code: 'cancelled' })
  giveBack()
  late.abort()
  const giveBackLate = await called
  giveBackLate()
  await expect(permits.take(FOREVER)).resolves.toBeTypeOf('function')
})
