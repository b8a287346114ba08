/** What every store of exports must do, on any database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EXPORT_TTL_MS, type ExportStore, MAX_EXPORT_BYTES, MAX_EXPORTS } from '../../src/exports/export-store.ts'

/** A fresh store, seen by two servers. */
export interface ExportStoreFixture {
  ours: ExportStore
  theirs: ExportStore
  /** Moves the clock of both forward. */
  elapse(durationMs: number): void
  /** Everything stored, as it would be read off the disk. */
  atRest(): Promise<string>
  remove(): Promise<void>
}

const FILE = { name: '1688-offers-1.csv', mediaType: 'text/csv', bytes: Buffer.from('a,b') }

export function describeExportStore(name: string, open: () => Promise<ExportStoreFixture>): void {
  describe(name, () => {
    let fixture: ExportStoreFixture
    beforeEach(async () => {
      fixture = await open()
    })
    afterEach(() => fixture.remove())
    const put = async (owner: string) => {
      const stored = await fixture.ours.put(FILE, owner, null)
      if (stored === null) throw new Error('no room')
      return stored
    }
    const find = async (token: string, from: ExportStore = fixture.theirs) => {
      const found = await from.find(token)
      return found && { ...found, bytes: Buffer.from(found.bytes) }
    }

    test('the other server finds a file by its token, as often as it is asked', async () => {
      const { token } = await put('ana')
      expect(token).toMatch(/^[\w-]{22}$/)
      expect(await find(token)).toEqual(FILE)
      expect(await find(token)).toEqual(FILE)
      expect(await find(`${token.slice(0, 21)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeNull()
    })

    test('a file expires after an hour', async () => {
      const { token, expiresAt } = await put('ana')
      expect(expiresAt).toBeGreaterThan(0)
      fixture.elapse(EXPORT_TTL_MS - 1)
      expect(await find(token)).toEqual(FILE)
      fixture.elapse(2)
      expect(await find(token)).toBeNull()
    })

    test('an owner keeps the latest files; another owner keeps theirs', async () => {
      const { token } = await put('ben')
      const tokens: string[] = []
      for (let file = 0; file <= MAX_EXPORTS; file++) {
        fixture.elapse(1)
        tokens.push((await put('ana')).token)
      }
      const found = await Promise.all(tokens.map(each => find(each)))
      expect(found.map(each => each !== null)).toEqual([false, ...Array(MAX_EXPORTS).fill(true)])
      expect(await find(token)).toEqual(FILE)
    })

    test('a file that is too large is refused', async () => {
      const large = { ...FILE, bytes: Buffer.alloc(MAX_EXPORT_BYTES + 1) }
      await expect(fixture.ours.put(large, 'ana', null)).rejects.toMatchObject({ code: 'invalid_input' })
    })

    test('files fill the room of their owner until they expire', async () => {
      const room = 2 * FILE.bytes.length
      await put('ben')
      for (const server of [fixture.ours, fixture.theirs]) expect(await server.put(FILE, 'ana', room)).not.toBeNull()
      expect(await fixture.theirs.put(FILE, 'ana', room)).toBeNull()
      expect(await fixture.ours.bytesOf('ana')).toBe(room)
      expect(await fixture.ours.bytesOf('nobody')).toBe(0)
      fixture.elapse(EXPORT_TTL_MS + 1)
      expect(await fixture.theirs.bytesOf('ana')).toBe(0)
      expect(await fixture.ours.put(FILE, 'ana', room)).not.toBeNull()
    })

    test('tokens are not stored', async () => {
      const { token } = await put('ana')
      expect(await fixture.atRest()).not.toContain(token)
    })
  })
}
