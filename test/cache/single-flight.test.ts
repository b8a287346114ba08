import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSingleFlight, type SingleFlight } from '../../src/cache/single-flight.ts'
import { type CacheUpstream, createCacheUpstream, type Offer } from '../support/cache-upstream.ts'

type Landing = { value: Offer; creditsSpent: number }

let upstream: CacheUpstream
let flights: SingleFlight<Landing>
beforeEach(() => {
  upstream = createCacheUpstream()
  flights = createSingleFlight()
})
afterEach(() => flights.close())

function board(name = 'name') {
  const controller = new AbortController()
  const reply = flights.join(name, controller.signal, upstream.fetch).then(
    landing => landing.value.title,
    error => String(error.code ?? error.message),
  )
  return { reply, leave: () => controller.abort() }
}

describe('a flight', () => {
  test('is shared by all who come before it lands', async () => {
    const [first, second] = [board(), board()]
    upstream.fetches[0]?.answer('shared')
    expect(await Promise.all([first.reply, second.reply])).toEqual(['shared', 'shared'])
    const third = board()
    upstream.fetches[1]?.answer('another')
    expect(await third.reply).toBe('another')
  })

  test('goes on for the others when one leaves, even the one who started it', async () => {
    const [first, second] = [board(), board()]
    first.leave()
    expect(await first.reply).toBe('cancelled')
    expect(upstream.fetches[0]?.signal.aborted).toBe(false)
    upstream.fetches[0]?.answer('for the others')
    expect(await second.reply).toBe('for the others')
  })

  test('reports progress to all waiting callers, and to no others', async () => {
    let tell: (news: string) => void = () => undefined
    let land: (landing: Landing) => void = () => undefined
    const start = (_signal: AbortSignal, tellAll: typeof tell) => {
      tell = tellAll
      return new Promise<Landing>(resolve => {
        land = resolve
      })
    }
    const heard: string[] = []
    const hear = (name: string) => (news: string) => heard.push(`${name}: ${news}`)
    const leaving = new AbortController()
    const { signal } = new AbortController()
    const first = flights.join('name', leaving.signal, start, hear('first'))
    const second = flights.join('name', signal, start, hear('second'))
    tell('one')
    leaving.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const third = flights.join('name', signal, start, hear('third'))
    tell('two')
    land({ value: { title: 'shared' }, creditsSpent: 1 })
    await Promise.all([second, third])
    tell('three')
    expect(heard).toEqual(['first: one', 'second: one', 'second: two', 'third: two'])
  })

  test('is aborted when the last one leaves; who comes then gets one of their own', async () => {
    const [first, second] = [board(), board()]
    first.leave()
    second.leave()
    expect(await Promise.all([first.reply, second.reply])).toEqual(['cancelled', 'cancelled'])
    expect(upstream.fetches[0]?.signal.aborted).toBe(true)
    const third = board()
    upstream.fetches[1]?.answer('new')
    expect(await third.reply).toBe('new')
  })

  test('that does not heed its abort neither takes new callers nor gets in the way of the next one', async () => {
    const landings: ((title: string) => void)[] = []
    const deaf = () =>
      new Promise<Landing>(resolve => landings.push(title => resolve({ value: { title }, creditsSpent: 1 })))
    const [leaving, staying] = [new AbortController(), new AbortController()]
    const first = flights.join('name', leaving.signal, deaf)
    leaving.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const second = flights.join('name', staying.signal, deaf)
    landings[0]?.('abandoned')
    await new Promise(setImmediate)
    const third = flights.join('name', staying.signal, deaf)
    landings[1]?.('wanted')
    expect(await Promise.all([second, third])).toEqual(Array(2).fill({ value: { title: 'wanted' }, creditsSpent: 1 }))
    expect(landings).toHaveLength(2)
  })

  test('fails for all who share it', async () => {
    const [first, second] = [board(), board()]
    upstream.fetches[0]?.fail(new Error('why'))
    expect(await Promise.all([first.reply, second.reply])).toEqual(['why', 'why'])
  })

  test('ends with the rest at closing time', async () => {
    const [first, second] = [board('one'), board('two')]
    await flights.close()
    expect(await Promise.all([first.reply, second.reply])).toEqual(['cancelled', 'cancelled'])
  })
})

/** What can happen: a caller comes, one leaves, a flight lands; the number says which. */
const EVENT = fc.record({ kind: fc.constantFrom('come', 'come', 'leave', 'land', 'crash'), which: fc.nat(5) })

test('whatever happens, a name has one flight, which lasts as long as a caller waits for it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(EVENT, { maxLength: 40 }), async events => {
      upstream = createCacheUpstream()
      flights = createSingleFlight()
      const callers: { reply: Promise<string>; leave: () => void; flight: number; left: boolean }[] = []
      const results: (string | undefined)[] = []
      let current: number | null = null

      for (const { kind, which } of events) {
        if (kind === 'come') {
          const caller = board()
          current ??= results.push(undefined) - 1
          callers.push({ ...caller, flight: current, left: false })
        }
        if (kind === 'leave') {
          const caller = callers.filter(({ left, flight }) => !left && flight === current)[which]
          if (caller) {
            caller.leave()
            caller.left = true
            await caller.reply
            if (callers.every(({ left, flight }) => left || flight !== current)) current = null
          }
        }
        if (current !== null && (kind === 'land' || kind === 'crash')) {
          results[current] = `${kind} ${current}`
          const flight = upstream.fetches[current]
          if (kind === 'land') flight?.answer(`land ${current}`)
          else flight?.fail(new Error(`crash ${current}`))
          await Promise.allSettled(callers.filter(it => it.flight === current).map(it => it.reply))
          current = null
        }
        expect(upstream.fetches).toHaveLength(results.length)
        const flying = upstream.fetches.flatMap((fetch, n) =>
          !fetch.signal.aborted && results[n] === undefined ? [n] : [],
        )
        expect(flying).toEqual(current === null ? [] : [current])
      }
      await flights.close()
      for (const { reply, flight, left } of callers) {
        expect(await reply).toBe(left ? 'cancelled' : (results[flight] ?? 'cancelled'))
      }
    }),
  )
})
