import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createDecoderPool, type DecoderPool, type DecoderPoolOptions } from '../../../src/pictures/decoder/pool.ts'

const OBEDIENT = path.join(import.meta.dirname, '..', '..', 'support', 'obedient-decoder.mjs')

/** With the first bytes of a JPEG. */
const order = (text: string) => Buffer.from(`\xff\xd8\xff${text}`, 'latin1')
const FINE = order('fine')
const HANG = order('hang')
const LOAD = order('load for ever')
const DIE = order('die')
const DIE_ONCE = order('once')
const JUNK = order('junk')

const open: DecoderPool[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(pool => pool.close()))
})

function startPool(options: Partial<DecoderPoolOptions> = {}) {
  const pool = createDecoderPool({ entryFile: OBEDIENT, ...options })
  const model = { diedOnce: path.join(tmpdir(), randomUUID()) }
  open.push(pool)
  return {
    ...pool,
    embed: async (bytes: Uint8Array, purpose: 'index' | 'query', signal?: AbortSignal) => {
      const owner = purpose === 'query' ? 'caller' : 'listing'
      return (await pool.embed(bytes, { model, purpose }, { owner, signal })).vectors
    },
  }
}

test('leaves the bytes to the caller and continues after an answer', async () => {
  const pool = startPool()
  const bytes = order('f')
  expect(await pool.embed(bytes, 'index')).toEqual([Int8Array.of(102), Int8Array.of(0)])
  expect(bytes).toEqual(order('f'))
  expect(await pool.embed(FINE, 'query')).toHaveLength(2)
})

test('a picture that hangs is ended at the time limit and the next one is processed', async () => {
  const pool = startPool({ limits: { taskLimitMs: 100 } })
  const [hung, next] = await Promise.allSettled([pool.embed(HANG, 'index'), pool.embed(FINE, 'index')])
  expect(hung).toMatchObject({
    reason: { code: 'picture_unreadable', message: 'The picture took too long to decode.' },
  })
  expect(next.status).toBe('fulfilled')
})

test('a process that dies is replaced once for the same picture', async () => {
  const pool = startPool()
  expect(await pool.embed(DIE_ONCE, 'index')).toHaveLength(2)
  await expect(pool.embed(DIE, 'index')).rejects.toMatchObject({ code: 'picture_unreadable' })
  expect(await pool.embed(FINE, 'index')).toHaveLength(2)
})

test('an answer of another form ends the process and its picture', async () => {
  const pool = startPool()
  await expect(pool.embed(JUNK, 'index')).rejects.toMatchObject({ code: 'picture_unreadable' })
  expect(await pool.embed(FINE, 'index')).toHaveLength(2)
})

test('a process that cannot start is reported as such each time', async () => {
  const pool = startPool({ entryFile: path.join(tmpdir(), 'there-is-none.js') })
  for (let i = 0; i < 2; i++) await expect(pool.embed(FINE, 'index')).rejects.toMatchObject({ code: 'internal' })
})

test('a model that does not load in time is not blamed on the picture', async () => {
  const pool = startPool({ limits: { loadLimitMs: 50 } })
  await expect(pool.embed(LOAD, 'index')).rejects.toMatchObject({ code: 'internal' })
})

test('a cancelled call ends at once, waiting or running, and others continue', async () => {
  const pool = startPool({ limits: { taskLimitMs: 300 } })
  const [runs, waits] = [new AbortController(), new AbortController()]
  const running = pool.embed(HANG, 'index', runs.signal)
  const waiting = pool.embed(FINE, 'index', waits.signal)
  const after = pool.embed(FINE, 'index')
  waits.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  runs.abort()
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(await after).toHaveLength(2)
  await expect(pool.embed(FINE, 'index', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})

test('closing ends running and later calls', async () => {
  const pool = startPool()
  const running = pool.embed(HANG, 'index')
  const closed = pool.close()
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await closed
  await expect(pool.embed(FINE, 'index')).rejects.toMatchObject({ code: 'cancelled' })
})
