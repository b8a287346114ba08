import { expect, it } from 'vitest'
import { openKeyStore } from '../../src/keys/sqlite/key-store.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { startService } from './service.ts'

const DAY_MS = 86_400_000

async function revokedKey(dir: TempDir, daysAgo: number): Promise<string> {
  const store = openKeyStore({ dataDir: dir.path, now: () => Date.now() - daysAgo * DAY_MS })
  const { key } = await store.add({ name: 'former', tier: 'free', expiresAt: null })
  await store.revoke(key.id)
  await store.close()
  return key.id
}

it('a server deletes what keys stored that were revoked 30 days ago, whatever fails for one of them', async () => {
  const dir = makeTempDir()
  const first = await revokedKey(dir, 40)
  const second = await revokedKey(dir, 31)
  await revokedKey(dir, 29)
  const forgotten: string[] = []
  const forgetAccount = async (owner: string) => {
    forgotten.push(owner)
    if (owner === `key:${first}`) throw new Error('the disk is full')
  }
  const tested = await startService({ dir, forgetAccount })
  await expect.poll(() => forgotten).toEqual([`key:${first}`, `key:${second}`])
  expect(tested.log.filter(line => line.includes('what a revoked key has stored was kept'))).toHaveLength(1)
  await tested.close()
})
