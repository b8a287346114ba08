import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import { openKeyStore } from '../../../src/keys/sqlite/key-store.ts'
import { describeKeyStore } from '../../contract/key-suite.ts'
import { makeTempDir } from '../../support/program.ts'
import { twoOpenings } from '../../support/two-openings.ts'

describeKeyStore('key store on SQLite', async () => {
  const opened = twoOpenings(openKeyStore)
  return {
    ...opened,
    loseKeys: async () => {
      const database = new DatabaseSync(path.join(opened.folder, 'keys.db'))
      database.exec('DELETE FROM keys')
      database.close()
    },
  }
})

describe('files of the key store', () => {
  test('are readable by their owner only, and the database is useless without the pepper', async () => {
    const dir = makeTempDir()
    const store = openKeyStore({ dataDir: dir.path, now: Date.now })
    const { text } = await store.add({ name: 'Ana', tier: 'free', expiresAt: null })
    await store.close()
    const modes = readdirSync(dir.path).map(file => statSync(path.join(dir.path, file)).mode & 0o777)
    expect(new Set(modes)).toEqual(new Set([0o600]))
    const thief = makeTempDir()
    for (const name of readdirSync(dir.path).filter(each => /^keys\.db/.test(each)))
      copyFileSync(path.join(dir.path, name), path.join(thief.path, name))
    writeFileSync(path.join(thief.path, 'keys.pepper'), Buffer.alloc(32))
    const stolen = openKeyStore({ dataDir: thief.path, now: Date.now })
    expect([(await stolen.list()).length, await stolen.find(text)]).toEqual([1, null])
    await stolen.close()
    for (const each of [dir, thief]) each.remove()
  })

  test('a truncated pepper is an error', () => {
    const dir = makeTempDir()
    writeFileSync(path.join(dir.path, 'keys.pepper'), 'short')
    expect(() => openKeyStore({ dataDir: dir.path, now: Date.now })).toThrow('keys.pepper')
    dir.remove()
  })
})
