import { expect, it } from 'vitest'
import { createFairTurns } from '../../../../src/use-cases/search/embedding/fair-turns.ts'

const { signal } = new AbortController()

/** Calls that last until they are ended, in the order in which they began. */
function world(places = { total: 2, each: 2 }) {
  const turns = createFairTurns(places)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const call = (queue: string, name: string, own = new AbortController().signal) =>
    turns.run(queue, own, () => {
      begun.push(name)
      return new Promise<void>(resolve => ends.push(resolve))
    })
  const endNext = async () => {
    ends.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  return { begun, call, endNext }
}

it('the only call of one queue comes next, however many of another wait', async () => {
  const { begun, call, endNext } = world()
  for (let n = 0; n < 64; n++) void call('ana', `ana ${n}`)
  void call('bo', 'bo')
  await endNext()
  expect(begun).toEqual(['ana 0', 'ana 1', 'bo'])
})

it('queues take turns, and each is first come, first served', async () => {
  const { begun, call, endNext } = world({ total: 1, each: 1 })
  for (const name of ['ana', 'bo', 'cy']) for (const n of [0, 1]) void call(name, `${name} ${n}`)
  for (let n = 0; n < 5; n++) await endNext()
  expect(begun).toEqual(['ana 0', 'bo 0', 'cy 0', 'ana 1', 'bo 1', 'cy 1'])
})

it('one queue leaves a place for another', () => {
  const { begun, call } = world({ total: 4, each: 3 })
  for (let n = 0; n < 5; n++) void call('ana', `ana ${n}`)
  void call('bo', 'bo')
  expect(begun).toEqual(['ana 0', 'ana 1', 'ana 2', 'bo'])
})

it('a call that is given up while it waits leaves its queue, and a failing one its place', async () => {
  const turns = createFairTurns({ total: 1, each: 1 })
  const leaving = new AbortController()
  const failing = turns.run('ana', signal, () => Promise.reject(new Error('broken')))
  const left = turns.run('ana', leaving.signal, async () => 'never')
  leaving.abort()
  await expect(failing).rejects.toThrow('broken')
  await expect(left).rejects.toMatchObject({ code: 'cancelled' })
  expect(await turns.run('bo', signal, async () => 'done')).toBe('done')
})
