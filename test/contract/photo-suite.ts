/** What every store of picked photos must do, on any database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  LENT_READS,
  LENT_TTL_MS,
  MAX_OPEN_PAGES,
  MAX_PHOTOS,
  PAGE_TTL_MS,
  PHOTO_TTL_MS,
  type PhotoStore,
} from '../../src/pictures/upload/photo-store.ts'

/** A fresh store, seen by two servers. */
export interface PhotoStoreFixture {
  ours: PhotoStore
  theirs: PhotoStore
  /** Moves the clock of both forward. */
  elapse(durationMs: number): void
  /** Everything stored, as it would be read off the disk. */
  atRest(): Promise<string>
  remove(): Promise<void>
}

const PHOTO = Buffer.from('a photo')

export function describePhotoStore(name: string, open: () => Promise<PhotoStoreFixture>): void {
  describe(name, () => {
    let fixture: PhotoStoreFixture
    let ours: PhotoStore
    let theirs: PhotoStore
    beforeEach(async () => {
      fixture = await open()
      ;({ ours, theirs } = fixture)
    })
    afterEach(() => fixture.remove())

    test('a page takes one photo, which the other server finds under its handle', async () => {
      const { token, handle, expiresAt } = await ours.open('ana')
      expect(handle).toMatch(/^photo:[\w-]{22}$/)
      expect(await theirs.ownerOf(token)).toBe('ana')
      expect(await theirs.find(handle, 'ana')).toEqual({ kind: 'waiting', expiresAt })
      expect(await theirs.put(token, PHOTO)).toBe(true)
      expect(await ours.find(handle, 'ana')).toEqual({ kind: 'here', bytes: expect.anything() })
      const found = await ours.find(handle, 'ana')
      expect(found?.kind === 'here' && Buffer.from(found.bytes).equals(PHOTO)).toBe(true)
      expect(await ours.put(token, PHOTO)).toBe(false)
      expect(await ours.ownerOf(token)).toBeNull()
    })

    test('a lent picture is read a few times, on any server, and then no more', async () => {
      const token = await ours.lend(PHOTO)
      expect(token).toMatch(/^[\w-]{22}$/)
      for (let read = 0; read < LENT_READS; read++) {
        expect(Buffer.from((await (read % 2 === 0 ? theirs : ours).readLent(token)) ?? []).equals(PHOTO)).toBe(true)
      }
      expect(await ours.readLent(token)).toBeNull()
      expect(await theirs.readLent('A'.repeat(22))).toBeNull()
    })

    test('reads of a lent picture at once are counted, too', async () => {
      const token = await ours.lend(PHOTO)
      const reads = await Promise.all(
        Array.from({ length: 3 * LENT_READS }, (_, at) => (at % 2 === 0 ? ours : theirs).readLent(token)),
      )
      expect(reads.filter(bytes => bytes !== null)).toHaveLength(LENT_READS)
    })

    test('a lent picture expires, and its token is not stored', async () => {
      const token = await ours.lend(PHOTO)
      expect(await fixture.atRest()).not.toContain(token)
      fixture.elapse(LENT_TTL_MS)
      expect(await theirs.readLent(token)).toBeNull()
    })

    test('counts the open pages of all owners', async () => {
      const { token } = await ours.open('ana')
      await theirs.open('ben')
      await ours.keep('ana', PHOTO)
      expect(await ours.countOpen()).toBe(2)
      await ours.put(token, PHOTO)
      expect(await theirs.countOpen()).toBe(1)
      fixture.elapse(PAGE_TTL_MS)
      expect(await ours.countOpen()).toBe(0)
    })

    test('a photo is found by the owner who asked for it alone', async () => {
      const { token, handle } = await ours.open('ana')
      await ours.put(token, PHOTO)
      expect(await ours.find(handle, 'ben')).toBeNull()
      expect(await ours.find(handle, '')).toBeNull()
      expect(await ours.find(token, 'ana')).toBeNull()
      expect(await ours.find('photo:AAAAAAAAAAAAAAAAAAAAAA', 'ana')).toBeNull()
    })

    test('a photo that came without a page is kept like one that came with it', async () => {
      for (let page = 0; page < MAX_OPEN_PAGES; page++) await ours.open('ana')
      const handle = await ours.keep('ana', PHOTO)
      expect(handle).toMatch(/^photo:[\w-]{22}$/)
      const found = await theirs.find(handle, 'ana')
      expect(found?.kind === 'here' && Buffer.from(found.bytes).equals(PHOTO)).toBe(true)
      expect(await theirs.find(handle, 'ben')).toBeNull()
      for (let photo = 0; photo < MAX_PHOTOS; photo++) {
        fixture.elapse(1)
        await theirs.keep('ana', PHOTO)
      }
      expect(await ours.find(handle, 'ana')).toBeNull()
      const last = await ours.keep('ana', PHOTO)
      fixture.elapse(PHOTO_TTL_MS + 1)
      expect(await ours.find(last, 'ana')).toBeNull()
    })

    test('pages and photos expire', async () => {
      const page = await ours.open('ana')
      const other = await ours.open('ana')
      await ours.put(other.token, PHOTO)
      fixture.elapse(PAGE_TTL_MS + 1)
      expect(await ours.ownerOf(page.token)).toBeNull()
      expect(await ours.put(page.token, PHOTO)).toBe(false)
      expect(await ours.find(page.handle, 'ana')).toBeNull()
      expect(await ours.find(other.handle, 'ana')).toMatchObject({ kind: 'here' })
      fixture.elapse(PHOTO_TTL_MS)
      expect(await ours.find(other.handle, 'ana')).toBeNull()
    })

    test('an owner has a few pages open at most, and keeps the latest photos', async () => {
      const pages = []
      for (let page = 0; page < MAX_OPEN_PAGES; page++) pages.push(await ours.open('ana'))
      await expect(theirs.open('ana')).rejects.toMatchObject({ code: 'rate_limited' })
      await theirs.open('ben')
      const handles: string[] = []
      for (let photo = 0; photo <= MAX_PHOTOS; photo++) {
        const page = photo < MAX_OPEN_PAGES ? pages[photo] : await ours.open('ana')
        if (page === undefined) throw new Error('no page')
        fixture.elapse(1)
        await ours.put(page.token, PHOTO)
        handles.push(page.handle)
      }
      const states = await Promise.all(handles.map(handle => ours.find(handle, 'ana')))
      expect(states.map(state => state !== null)).toEqual([false, ...Array(MAX_PHOTOS).fill(true)])
    })

    test('tokens and handles are not stored', async () => {
      const { token, handle } = await ours.open('ana')
      const stored = await fixture.atRest()
      for (const secret of [token, handle, handle.slice('photo:'.length)]) expect(stored).not.toContain(secret)
    })
  })
}
