/** Writing the history never holds up an answer, and a failure costs the observation alone. */
import { describe, expect, test, vi } from 'vitest'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import type { HistoryStore, Sighting } from '../../src/history/history.ts'
import { createRecorder } from '../../src/history/recorder.ts'
import { createRecordingCatalogue } from '../../src/history/recording-catalogue.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { makeOffer } from '../support/catalogue-offers.ts'
import { makeDetails } from '../support/details.ts'
import { DIST_DIR } from '../support/package-dirs.ts'

const ID = '710000000001'

function setUp(observe: HistoryStore['observe']) {
  let time = 1_800_000_000_000
  const store = { observe, past: async () => [], forget: vi.fn(async () => undefined), prune: vi.fn(async () => {}) }
  const warn = vi.fn()
  const onNotKept = vi.fn()
  const logger = { debug() {}, info() {}, warn, error() {} }
  const recorder = createRecorder({
    store,
    retentionMs: 86_400_000,
    isKept: source => source !== 'sample',
    now: () => time,
    logger,
    onNotKept,
  })
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  return {
    store,
    warn,
    onNotKept,
    recorder,
    catalogue: createRecordingCatalogue(catalogue, recorder),
    elapse: (ms: number) => {
      time += ms
    },
  }
}

describe('the history of a catalogue', () => {
  test('holds what every answer said, details and listings apart, and nothing of the sample', async () => {
    const seen: Sighting[] = []
    const { catalogue, recorder, store } = setUp(async sightings => void seen.push(...sightings))
    await catalogue.putOffers('tmapi', [makeOffer(ID, { moq: 3 })], 5)
    await catalogue.putOffers('tmapi', [makeDetails(ID, { status: 'sold_out' })], 6)
    await catalogue.putOffers('sample', [makeOffer('10001')], 7)
    await recorder.flush()
    expect(seen).toMatchObject([
      { source: 'tmapi', offerId: ID, kind: 'listing', facts: { moq: 3 }, seenAt: 5 },
      { source: 'tmapi', offerId: ID, kind: 'details', facts: { status: 'sold_out' }, seenAt: 6 },
    ])
    await catalogue.remove('import@key:aaaaaaaa', [ID])
    await catalogue.remove('tmapi', [ID])
    expect(store.forget).toHaveBeenCalledExactlyOnceWith('import@key:aaaaaaaa', [ID])
    await catalogue.close()
  })

  test('an answer does not wait for its history', async () => {
    let release = () => {}
    const disk = new Promise<void>(resolve => {
      release = resolve
    })
    const { catalogue, recorder } = setUp(() => disk)
    await catalogue.putOffers('tmapi', [makeOffer(ID)], 5)
    expect(await catalogue.getOffer(ID, ['tmapi'])).toMatchObject({ source: 'tmapi' })
    release()
    await recorder.flush()
    await catalogue.close()
  })

  test('a full disk costs the observations, is said once, and is tried again after a minute', async () => {
    let isFull = true
    const written: Sighting[] = []
    const { catalogue, recorder, warn, onNotKept, elapse } = setUp(async sightings => {
      if (isFull) throw new Error('database or disk is full')
      written.push(...sightings)
    })
    for (let seenAt = 1; seenAt < 4; seenAt++) {
      await catalogue.putOffers('tmapi', [makeOffer(ID)], seenAt)
      await recorder.flush()
      elapse(59_000)
    }
    expect(await catalogue.getOffer(ID, ['tmapi'])).not.toBeNull()
    expect(warn).toHaveBeenCalledTimes(1)
    expect(onNotKept).toHaveBeenCalledTimes(1)
    isFull = false
    elapse(60_000)
    await catalogue.putOffers('tmapi', [makeOffer(ID)], 9)
    await recorder.flush()
    expect(written.map(({ seenAt }) => seenAt)).toEqual([9])
    await catalogue.close()
  })

  test('is pruned once a day', async () => {
    const { catalogue, recorder, store, elapse } = setUp(async () => {})
    for (const hours of [0, 10, 10, 10]) {
      elapse(hours * 3_600_000)
      await catalogue.putOffers('tmapi', [makeOffer(ID)], 1)
      await recorder.flush()
    }
    expect(store.prune).toHaveBeenCalledTimes(2)
    await catalogue.close()
  })
})
