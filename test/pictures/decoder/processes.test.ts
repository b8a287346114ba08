/** What becomes of pictures that end their process, with real processes that obey the picture. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDecoderPool, type DecoderPool, type DecoderPoolOptions } from '../../../src/pictures/decoder/pool.ts'
import { liftQuarantine } from '../../../src/pictures/decoder/quarantine/quarantine.ts'
import { childrenOf } from '../../support/process-memory.ts'
import { makeTempDir } from '../../support/program.ts'

const OBEDIENT = path.join(import.meta.dirname, '..', '..', 'support', 'obedient-decoder.mjs')

/** With the first bytes of a JPEG. */
const order = (text: string) => Buffer.from(`\xff\xd8\xff${text}`, 'latin1')
const FINE = order('fine')
const HANG = order('hang')
const SPIN = order('spin')
const CRASH = order('crash')
const MEGABYTES = (count: number) => order(`m${String.fromCharCode(count / 10)}`)

const dir = makeTempDir()
const open: DecoderPool[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(pool => pool.close()))
})

function startPool(options: Partial<DecoderPoolOptions> = {}) {
  const pool = createDecoderPool({
    entryFile: OBEDIENT,
    ...options,
    limits: { processorLimitMs: 500, memoryLimitBytes: 150_000_000, ...options.limits },
  })
  open.push(pool)
  return {
    ...pool,
    query: async (bytes: Uint8Array) =>
      (await pool.embed(bytes, { model: {}, purpose: 'query' }, { owner: 'caller' })).vectors,
    index: async (bytes: Uint8Array) =>
      (await pool.embed(bytes, { model: {}, purpose: 'index' }, { owner: 'listing' })).vectors,
  }
}

const newFolder = () => path.join(dir.path, Math.random().toString(36).slice(2))
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const DEAD_PID = 4_194_305

function leaveNote(folder: string, sha256: string, wasSuspect: boolean): void {
  const notes = path.join(folder, 'under-work')
  mkdirSync(notes, { recursive: true })
  writeFileSync(path.join(notes, `${DEAD_PID}-x.json`), JSON.stringify([{ sha256, owner: 'listing', wasSuspect }]))
}

const message = (text: RegExp) => ({ code: 'picture_unreadable', message: expect.stringMatching(text) })

it.each([
  ['fails', order('n ')],
  ['crashes', order('nc')],
])('a picture that %s for want of memory in a process that has grown gets a new one', async (_, needy) => {
  const pool = startPool()
  await pool.query(MEGABYTES(100))
  expect(await pool.query(needy)).toHaveLength(2)
  expect(pool.counts().quarantined).toBe(0)
})

describe('a picture that ends its process', () => {
  it.each([
    ['too much memory', MEGABYTES(300), /needs too much memory/, /needed too much memory before/],
    ['too much processor time', SPIN, /took too long/, /took too long before/],
    ['a crash', CRASH, /crashed the decoder/, /crashed the decoder before/],
  ])("is quarantined for %s: a caller's own at once, in memory", async (_, bytes, first, later) => {
    const folder = newFolder()
    const pool = startPool({ folder })
    await expect(pool.query(bytes)).rejects.toMatchObject(message(first))
    await expect(pool.query(bytes)).rejects.toMatchObject(message(later))
    expect(pool.counts()).toEqual({ restarts: 1, quarantined: 1 })
    expect(await pool.query(FINE)).toHaveLength(2)
    await expect(startPool({ folder }).query(bytes)).rejects.toMatchObject(message(first))
  })

  it("is quarantined on disk if it is a listing's, at the second end, until that is lifted", async () => {
    const folder = newFolder()
    await expect(startPool({ folder }).index(CRASH)).rejects.toMatchObject(message(/crashed the decoder\./))
    await expect(startPool({ folder }).index(CRASH)).rejects.toMatchObject(message(/crashed the decoder\./))
    const later = startPool({ folder })
    await expect(later.index(CRASH)).rejects.toMatchObject(message(/crashed the decoder before/))
    expect(later.counts()).toEqual({ restarts: 0, quarantined: 1 })
    expect(liftQuarantine(folder)).toBe(1)
    await expect(later.index(CRASH)).rejects.toMatchObject(message(/crashed the decoder\./))
  })

  it('is not quarantined for the time by the clock, which others may have taken', async () => {
    const pool = startPool({ limits: { taskLimitMs: 100 } })
    await expect(pool.query(HANG)).rejects.toMatchObject(message(/took too long to decode/))
    expect(pool.counts()).toEqual({ restarts: 1, quarantined: 0 })
  })

  it('is tried alone if two needed too much memory together, and not blamed', async () => {
    const pool = startPool()
    const both = await Promise.all([pool.index(MEGABYTES(100)), pool.index(MEGABYTES(90)), pool.index(FINE)])
    expect(both.slice(0, 2)).toEqual([[Int8Array.of(10)], [Int8Array.of(9)]])
    expect(pool.counts()).toMatchObject({ quarantined: 0 })
  })

  it('does not keep good ones waiting, three at once', async () => {
    const pool = startPool({ limits: { processorLimitMs: 5_000 } })
    const bad = [1, 2, 3].map(number => pool.query(order(`spin ${number}`)))
    expect(await pool.query(FINE)).toHaveLength(2)
    expect(pool.counts().restarts).toBeGreaterThan(0)
    await pool.close()
    for (const end of await Promise.allSettled(bad)) expect(end).toMatchObject({ reason: { code: 'cancelled' } })
  })
})

describe('a bad picture', () => {
  it('does not keep the only other one waiting until it ends', async () => {
    const pool = startPool({ limits: { processorLimitMs: 60_000, taskLimitMs: 60_000 } })
    const bad = pool.query(SPIN).catch(error => error)
    expect(await pool.query(FINE)).toHaveLength(2)
    await pool.close()
    expect(await bad).toMatchObject({ code: 'cancelled' })
  })

  it('gives way also where a server died with it, so that it has to run alone', async () => {
    const folder = newFolder()
    leaveNote(folder, sha256Of(SPIN), false)
    const pool = startPool({ folder, limits: { processorLimitMs: 60_000, taskLimitMs: 60_000 } })
    const bad = pool.query(SPIN).catch(error => error)
    expect(await pool.query(FINE)).toHaveLength(2)
    expect(pool.counts()).toMatchObject({ restarts: 1 })
    await pool.close()
    expect(await bad).toMatchObject({ code: 'cancelled' })
  })
})

describe('a note of a server that died', () => {
  const sha256 = '0c3e6b4ac31cd1bcf3ac0cfb4ac2a9a4b33e3ff9b6f1d8c84ffd5e4c4c4c4c4c'

  it('is written before the work, and removed after it', async () => {
    const folder = newFolder()
    const pool = startPool({ folder })
    const hanging = pool.index(HANG)
    const [file = ''] = readdirSync(path.join(folder, 'under-work'))
    expect(readFileSync(path.join(folder, 'under-work', file), 'utf8')).toContain('"owner":"listing"')
    await pool.close()
    await expect(hanging).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(path.join(folder, 'under-work'))).toEqual([])
  })

  it('quarantines the picture only if a server died with it before', async () => {
    const folder = newFolder()
    leaveNote(folder, sha256, false)
    expect(await startPool({ folder }).index(FINE)).toHaveLength(2)
    expect(existsSync(path.join(folder, `${sha256}.json`))).toBe(false)
    leaveNote(folder, sha256, true)
    expect(await startPool({ folder }).index(FINE)).toHaveLength(2)
    expect(readFileSync(path.join(folder, `${sha256}.json`), 'utf8')).toContain('server')
  })

  it.skipIf(process.getuid?.() === undefined)('costs only itself where the folder cannot be written', async () => {
    expect(await startPool({ folder: '/proc/none' }).index(FINE)).toHaveLength(2)
  })
})

describe('decoder processes', () => {
  it('start with the first picture, a second one while two wait, and end when idle', async () => {
    // Of earlier tests, still to be reaped.
    const others = new Set(childrenOf(process.pid))
    const decoders = () => childrenOf(process.pid).filter(pid => !others.has(pid)).length
    const pool = startPool({ idleMs: 1_500 })
    expect(decoders()).toBe(0)
    await pool.query(FINE)
    expect(decoders()).toBe(1)
    await Promise.all(Array.from({ length: 6 }, () => pool.query(FINE)))
    expect(decoders()).toBe(2)
    await expect.poll(decoders, { timeout: 10_000 }).toBe(0)
  })
})
