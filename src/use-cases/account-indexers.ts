/** Embeds what accounts have imported, each apart from the others, with pictures fetched at its rate. */
import { createLonePace, type Pace } from '../limits/gate/pace.ts'
import type { Clock } from '../time/clock.ts'
import {
  createPictureIndexer,
  type OpenPictureIndexer,
  type PictureIndexer,
  type PictureIndexerDeps,
} from './picture-indexer.ts'

/** Few, since many accounts may import at a time. */
const LANES = 2

export interface AccountIndexers {
  of(owner: string): PictureIndexer
  close(): Promise<void>
}

/** Each is made when its account has something to embed, and stays: it is small. */
export function createAccountIndexers(deps: PictureIndexerDeps, clock: Clock): AccountIndexers {
  const opened = new Map<string, OpenPictureIndexer>()
  const open = (owner: string): OpenPictureIndexer => {
    const indexer = opened.get(owner) ?? createAccountIndexer(deps, clock)
    opened.set(owner, indexer)
    return indexer
  }
  return {
    of: owner => ({
      run: (sources, call) => open(owner).run(sources, call),
      get isRunning() {
        return opened.get(owner)?.isRunning ?? false
      },
    }),
    close: async () => {
      await Promise.all(Array.from(opened.values(), indexer => indexer.close()))
    },
  }
}

/** Its `run` also resolves when a picture has to wait for the rate: the run goes on in the background. */
function createAccountIndexer(deps: PictureIndexerDeps, clock: Clock): OpenPictureIndexer {
  const paces = new Map<number | null, Pace | null>()
  let pace: Pace | null = null
  /** Pictures that wait for the rate. */
  let waiting = 0
  const onWait = new Set<() => void>()

  const turn = async (signal: AbortSignal): Promise<void> => {
    if (pace === null) return
    const isHeldUp = pace.expectedMs() > 0
    waiting += Number(isHeldUp)
    if (isHeldUp) for (const resolve of onWait) resolve()
    try {
      await pace.turn(signal)
    } finally {
      waiting -= Number(isHeldUp)
    }
  }
  const indexer = createPictureIndexer({ ...deps, lanes: LANES, turn })

  /** Pictures that wait already keep their turn at the rate of before. */
  const setRate = (perMinute: number | null): void => {
    const known = paces.get(perMinute)
    pace = known === undefined ? createLonePace(perMinute, clock) : known
    paces.set(perMinute, pace)
  }

  return {
    async run(sources, call = {}) {
      setRate(call.picturesPerMinute ?? null)
      let resolve = (): void => undefined
      const heldUp = new Promise<void>(resolved => {
        resolve = resolved
      })
      onWait.add(resolve)
      const run = indexer.run(sources, call)
      if (waiting > 0) resolve()
      await Promise.race([run, heldUp]).finally(() => onWait.delete(resolve))
    },
    get isRunning() {
      return indexer.isRunning
    },
    async close() {
      for (const each of paces.values()) each?.close()
      await indexer.close()
    },
  }
}
