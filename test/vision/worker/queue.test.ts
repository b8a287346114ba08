import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createPictureWorker, type PictureWorker } from '../../../src/vision/worker/queue.ts'

const OBEDIENT = path.join(import.meta.dirname, '..', '..', 'support', 'obedient-worker.mjs')
const FINE = Buffer.from('fine')
const HANG = Buffer.from('hang')
const DIE = Buffer.from('die')
const DIE_ONCE = Buffer.from('once')

const open: PictureWorker[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(worker => worker.close()))
})

function startWorker(options: { workerFile?: string; pictureLimitMs?: number } = {}): PictureWorker {
  const worker = createPictureWorker({
    workerFile: OBEDIENT,
    model: { kind: 'builtin', modelDir: path.join(tmpdir(), randomUUID()), wasmFile: '' },
    ...options,
  })
  open.push(worker)
  return worker
}

test('leaves the bytes to the caller and continues after an answer', async () => {
  const worker = startWorker()
  const bytes = new Uint8Array([102, 1, 2])
  expect(await worker.embed(bytes, 'index')).toEqual([Int8Array.of(102, 1, 2), Int8Array.of(0)])
  expect(bytes).toEqual(new Uint8Array([102, 1, 2]))
  expect(await worker.embed(FINE, 'query')).toHaveLength(2)
})

test('queries come before pictures to be indexed', async () => {
  const worker = startWorker()
  const order: string[] = []
  const embed = async (name: string, purpose: 'index' | 'query') => {
    await worker.embed(FINE, purpose)
    order.push(name)
  }
  await Promise.all([embed('first', 'index'), embed('second', 'index'), embed('asked', 'query')])
  expect(order).toEqual(['first', 'asked', 'second'])
})

test('a picture that hangs is ended at the time limit and the next one is processed', async () => {
  const worker = startWorker({ pictureLimitMs: 100 })
  const [hung, next] = await Promise.allSettled([worker.embed(HANG, 'index'), worker.embed(FINE, 'index')])
  expect(hung).toMatchObject({
    reason: { code: 'picture_unreadable', message: 'The picture took too long to decode.' },
  })
  expect(next.status).toBe('fulfilled')
})

test('a thread that dies is replaced once for the same picture', async () => {
  const worker = startWorker()
  expect(await worker.embed(DIE_ONCE, 'index')).toHaveLength(2)
  await expect(worker.embed(DIE, 'index')).rejects.toMatchObject({ code: 'picture_unreadable' })
  expect(await worker.embed(FINE, 'index')).toHaveLength(2)
})

test('a worker that cannot start is reported as such each time', async () => {
  const worker = startWorker({ workerFile: path.join(tmpdir(), 'there-is-none.js') })
  for (let i = 0; i < 2; i++) await expect(worker.embed(FINE, 'index')).rejects.toMatchObject({ code: 'internal' })
})

test('a cancelled call ends at once, waiting or running, and others continue', async () => {
  const worker = startWorker({ pictureLimitMs: 300 })
  const [runs, waits] = [new AbortController(), new AbortController()]
  const running = worker.embed(HANG, 'index', runs.signal)
  const waiting = worker.embed(FINE, 'index', waits.signal)
  const after = worker.embed(FINE, 'index')
  waits.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  runs.abort()
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(await after).toHaveLength(2)
  await expect(worker.embed(FINE, 'index', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})

test('closing ends running and later calls', async () => {
  const worker = startWorker()
  const running = worker.embed(HANG, 'index')
  const closed = worker.close()
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await closed
  await expect(worker.embed(FINE, 'index')).rejects.toMatchObject({ code: 'cancelled' })
})
