/** What every store of API keys must do, on any database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ApiKey, type IssuedKey, type KeyStore, stateOf } from '../../src/keys/api-key.ts'

/** A fresh store, seen from two processes. */
export interface KeyStoreFixture {
  ours: KeyStore
  theirs: KeyStore
  /** Moves the wall clock of both forward. */
  elapse(durationMs: number): void
  /** Everything stored, as it would be read off the disk. */
  atRest(): Promise<string>
  /** Deletes all keys behind the store's back. */
  loseKeys(): Promise<void>
  /** Closes and deletes the store. */
  remove(): Promise<void>
}

const DAY_MS = 86_400_000

export function describeKeyStore(name: string, open: () => Promise<KeyStoreFixture>): void {
  describe(name, () => {
    let fixture: KeyStoreFixture
    let ours: KeyStore
    let theirs: KeyStore
    beforeEach(async () => {
      fixture = await open()
      ;({ ours, theirs } = fixture)
    })
    afterEach(() => fixture.remove())

    const add = (key: Partial<ApiKey> = {}): Promise<IssuedKey> =>
      ours.add({ name: 'Ana', tier: 'hobby', expiresAt: null, ...key })

    test('has lost its keys only if there were some', async () => {
      expect(await ours.areLost()).toBe(false)
      expect(await ours.find('m1688_00000000_nobody')).toBeNull()
      expect(await theirs.areLost()).toBe(false)
      await add()
      expect(await ours.areLost()).toBe(false)
      await fixture.loseKeys()
      expect(await theirs.areLost()).toBe(true)
    })

    test('keeps rights with a key, replaces them, and keeps them through a rotation', async () => {
      const plain = await add()
      const { key, text } = await add({ rights: ['metrics', 'import'] })
      expect([plain.key.rights, key.rights]).toEqual([[], ['import', 'metrics']])
      expect((await theirs.allow(key.id, ['metrics'])).rights).toEqual(['metrics'])
      expect((await ours.find(text))?.rights).toEqual(['metrics'])
      expect((await ours.rotate(key.id)).key.rights).toEqual(['metrics'])
      expect((await theirs.list()).find(({ id }) => id === key.id)?.rights).toEqual(['metrics'])
      await expect(ours.allow('00000000', [])).rejects.toMatchObject({ code: 'not_found' })
    })

    test('keeps how many own offers a key may have', async () => {
      const { key } = await add()
      const { key: large, text } = await add({ ownOffers: 25_000 })
      expect([key.ownOffers, large.ownOffers]).toEqual([10_000, 25_000])
      expect((await theirs.find(text))?.ownOffers).toBe(25_000)
      expect((await ours.rotate(large.id)).key.ownOffers).toBe(25_000)
    })

    test('is empty until the first key is created, and never again after that', async () => {
      expect(await ours.isEmpty()).toBe(true)
      expect(await ours.list()).toEqual([])
      const { key } = await add()
      expect(await theirs.isEmpty()).toBe(false)
      await ours.revoke(key.id)
      expect(await theirs.isEmpty()).toBe(false)
    })

    test('a key is found by its text, immediately and in every process', async () => {
      const expiresAt = 4_102_444_800_000
      const { key, text } = await add({ name: '采购 team', tier: 'developer', expiresAt })
      expect(key).toMatchObject({ name: '采购 team', tier: 'developer', expiresAt, revokedAt: null })
      expect(key.id).toMatch(/^[0-9a-f]{8}$/)
      expect(text).toMatch(new RegExp(`^m1688_${key.id}_[\\w-]{32}$`))
      expect(await theirs.find(text)).toEqual(key)
    })

    test('only the exact text finds a key', async () => {
      const { key, text } = await add()
      const wrong = ['', key.id, text.slice(0, -1), `${text}x`, text.toUpperCase(), ` ${text}`, `${text}\0`, "' OR 1=1"]
      for (const guess of wrong) expect(await ours.find(guess), JSON.stringify(guess)).toBeNull()
    })

    test('keys are listed oldest first, including revoked ones', async () => {
      const first = await add({ name: 'first' })
      fixture.elapse(1_000)
      const second = await add({ name: 'second' })
      await theirs.revoke(first.key.id)
      const listed = await ours.list()
      expect(listed.map(key => key.id)).toEqual([first.key.id, second.key.id])
      expect(listed[1]?.createdAt).toBe(first.key.createdAt + 1_000)
    })

    test('a revoked key is found with the time of its revocation; revoking it again changes nothing', async () => {
      const { key, text } = await add()
      fixture.elapse(5_000)
      const revoked = await ours.revoke(key.id)
      expect(revoked).toEqual({ ...key, revokedAt: key.createdAt + 5_000 })
      fixture.elapse(5_000)
      expect(await theirs.revoke(key.id)).toEqual(revoked)
      expect(await theirs.find(text)).toEqual(revoked)
      expect(stateOf(revoked, revoked.createdAt)).toBe('revoked')
    })

    test('rotating a key changes only its text, and the old text stops working at once', async () => {
      const { key, text } = await add({ expiresAt: 4_102_444_800_000 })
      const rotated = await theirs.rotate(key.id)
      expect(rotated.key).toEqual(key)
      expect(rotated.text).not.toBe(text)
      expect(await ours.find(text)).toBeNull()
      expect(await ours.find(rotated.text)).toEqual(key)
    })

    test('a revoked key cannot be rotated', async () => {
      const { key } = await add()
      await ours.revoke(key.id)
      await expect(ours.rotate(key.id)).rejects.toMatchObject({
        code: 'invalid_input',
        message: `API key ${key.id} is revoked and cannot be rotated.`,
      })
    })

    test('an unknown ID is not found', async () => {
      await add()
      for (const id of ['00000000', '', "' OR 1=1 --"]) {
        await expect(ours.revoke(id)).rejects.toMatchObject({ code: 'not_found' })
        await expect(ours.rotate(id)).rejects.toMatchObject({ code: 'not_found' })
      }
    })

    test('a key expires at its exact time', async () => {
      const { key } = await add({ expiresAt: DAY_MS })
      expect(stateOf(key, DAY_MS - 1)).toBe('active')
      expect(stateOf(key, DAY_MS)).toBe('expired')
    })

    test('keys created at the same time by two processes all exist, each with its own text', async () => {
      const made = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          (n % 2 ? ours : theirs).add({ name: `${n}`, tier: 'free', expiresAt: null }),
        ),
      )
      expect(new Set(made.map(({ text }) => text)).size).toBe(40)
      expect(new Set((await ours.list()).map(key => key.id)).size).toBe(40)
    })

    test('the text of a key is not stored', async () => {
      const { text } = await add()
      const { text: rotated } = await ours.rotate((await add()).key.id)
      const kept = await fixture.atRest()
      expect(kept).toContain('Ana')
      for (const secret of [text, rotated]) expect(kept).not.toContain(secret.split('_').slice(2).join('_'))
    })
  })
}
