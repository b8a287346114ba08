/** How long pictures wait for each other, in virtual time. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { DecoderProcess, DecoderProcessOptions } from '../../../src/pictures/decoder/processes/child.ts'
import { createDispatcher } from '../../../src/pictures/decoder/processes/dispatcher.ts'

/** A start with the loading of the model, and a photo of a phone, on a quiet machine. */
const START_MS = 250
const GOOD_MS = 200
const FOR_EVER = 1_000_000
/** What still waits then is refused. */
const LONGEST_MS = 5_000

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
)
afterEach(() => void vi.useRealTimers())

/** Its bytes are the milliseconds that a picture takes, all of it processor time. */
function startProcess({ onReply }: DecoderProcessOptions): DecoderProcess {
  let isStopped = false
  let startMs = START_MS
  const after = (ms: number, work: () => void) => void setTimeout(() => void (isStopped || work()), ms)
  return {
    send({ bytes }) {
      after(startMs, () => {
        onReply({ kind: 'started' })
        after(Number(Buffer.from(bytes).toString()), () =>
          onReply({ kind: 'embedding', embedding: { vectors: [], regions: [] } }),
        )
      })
      startMs = 0
    },
    usage: () => ({ memoryBytes: 0, processorMs: performance.now() }),
    stop: () => {
      isStopped = true
    },
  }
}

interface Arrival {
  at: number
  ms: number
}

/** @returns how long after its arrival each picture is answered or refused, in milliseconds. */
async function waits(arrivals: readonly Arrival[]): Promise<number[]> {
  const dispatcher = createDispatcher({ entryFile: '' }, startProcess)
  const results = arrivals.map(
    ({ at, ms }, index) =>
      new Promise<number>(resolve => {
        const end = () => resolve(performance.now() - start - at)
        const job = {
          task: { kind: 'small' as const },
          bytes: Buffer.from(String(ms)),
          sha256: `${index}`,
          owner: 'caller' as const,
          tries: 0,
          gaveWayAt: null,
          isAlone: false,
          resolve: end,
          reject: end,
        }
        setTimeout(() => dispatcher.add(job), at)
      }),
  )
  const start = performance.now()
  await vi.advanceTimersByTimeAsync(LONGEST_MS)
  dispatcher.close()
  return Promise.all(results)
}

const bad = fc.record({ at: fc.integer({ min: 0, max: 2_000 }), ms: fc.constantFrom(600, 1_200, 2_400, FOR_EVER) })

it('a good picture is answered within two seconds, whenever three bad ones arrive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(bad, bad, bad), bad, async (others, { at }) => {
      const answered = await waits([...others, { at, ms: GOOD_MS }])
      expect(answered.at(-1)).toBeLessThanOrEqual(2_000)
    }),
    { numRuns: 60 },
  )
})

it('a slow picture is decoded although others never cease', async () => {
  const others = Array.from({ length: 55 }, (_, index) => ({ at: index * 90, ms: GOOD_MS }))
  const [slow] = await waits([{ at: 0, ms: 1_500 }, ...others])
  expect(slow).toBeLessThan(4_900)
})
