import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Catalogue } from '../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { createAccountIndexers } from '../../src/use-cases/account-indexers.ts'
import { makeOffer, makeVector } from '../support/catalogue-offers.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import { createVirtualClock, runGlobalsBy, type VirtualClock } from '../support/virtual-clock.ts'

const PICTURES = 12
const ANA = 'import@key:aaaaaaaa'
const BEN = 'import@key:bbbbbbbb'

let clock: VirtualClock
let restoreGlobals: () => void
let catalogue: Catalogue
/** Pictures that were read, by the host in their address. */
let read: string[]

beforeEach(async () => {
  clock = createVirtualClock()
  restoreGlobals = runGlobalsBy(clock)
  catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  read = []
  for (const [source, host] of [
    [ANA, 'ana'],
    [BEN, 'ben'],
  ] as const) {
    const offers = Array.from({ length: PICTURES }, (_, index) =>
      makeOffer(String(10_000 + index), { imageUrl: `https://${host}.example.com/${index}.jpg` }),
    )
    await catalogue.putOffers(source, offers, 1)
  }
})
afterEach(async () => {
  restoreGlobals()
  await catalogue.close()
})

function openIndexers() {
  return createAccountIndexers(
    {
      catalogue,
      embedder: {
        id: 'a',
        embed: async () => ({ vectors: [makeVector(1)], regions: [] }),
        close: async () => undefined,
      },
      pictureReader: {
        async read(input) {
          read.push(new URL(String(input)).host.split('.')[0] ?? '')
          return { bytes: Buffer.from('x'), sha256: '', label: '', url: null }
        },
        close: async () => undefined,
      },
      shipped: async () => null,
      vectorsPerOffer: 1,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      now: clock.now,
    },
    clock,
  )
}
/** In steps, between which what does not wait for the clock goes on. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await clock.advance(1_000)
    await nextTurn()
  }
}
const readFor = (host: string) => read.filter(each => each === host).length

it('an account has its pictures fetched at its rate, and its callers do not wait for those held up by it', async () => {
  const indexers = openIndexers()
  const [ana, ben] = [indexers.of('key:aaaaaaaa'), indexers.of('key:bbbbbbbb')]
  await ana.run([ANA], { picturesPerMinute: 5 })
  expect([readFor('ana'), ana.isRunning, ben.isRunning]).toEqual([5, true, false])
  await ben.run([BEN], { picturesPerMinute: 250 })
  expect([readFor('ben'), ben.isRunning]).toEqual([PICTURES, false])
  // A caller who comes while pictures wait does not wait either.
  await ana.run([ANA], { picturesPerMinute: 5 })
  expect(readFor('ana')).toBe(5)
  await pass(64)
  expect([readFor('ana') > 5, readFor('ana') <= 10]).toEqual([true, true])
  await pass(120)
  expect([readFor('ana'), ana.isRunning]).toEqual([PICTURES, false])
  await indexers.close()
})

it('pictures in files and those of a caller without a limit are read at once', async () => {
  await catalogue.putOffers(
    'import@key:cccccccc',
    Array.from({ length: PICTURES }, (_, index) =>
      makeOffer(String(20_000 + index), { imageUrl: `file://cam/${index}` }),
    ),
    1,
  )
  const indexers = openIndexers()
  await indexers.of('key:cccccccc').run(['import@key:cccccccc'], { picturesPerMinute: 5 })
  await indexers.of('key:aaaaaaaa').run([ANA])
  expect([readFor('cam'), readFor('ana')]).toEqual([PICTURES, PICTURES])
  await indexers.close()
})

it('closing ends a run whose pictures wait', async () => {
  const indexers = openIndexers()
  await indexers.of('key:aaaaaaaa').run([ANA], { picturesPerMinute: 5 })
  await indexers.close()
  expect([readFor('ana'), indexers.of('key:aaaaaaaa').isRunning]).toEqual([5, false])
})
