import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createShortLivedFile } from '../../src/store/short-lived-file.ts'
import { makeTempDir } from '../support/program.ts'

const dir = makeTempDir()
afterAll(() => dir.remove())

const open = (file: string) =>
  createShortLivedFile({
    file,
    migrations: ['CREATE TABLE words (word TEXT NOT NULL) STRICT'],
    prepare: database => ({
      insert: database.prepare('INSERT INTO words VALUES (?)'),
      all: database.prepare('SELECT word FROM words'),
    }),
    now: () => Date.UTC(2026, 10, 28),
  })

it('a damaged file is set aside, and a new one begun', async () => {
  const file = path.join(dir.path, 'words.db')
  const first = open(file)
  await first.use(({ insert }) => insert.run('before'))
  first.close()
  // SQLite would heal it from its log.
  for (const name of readdirSync(dir.path)) rmSync(path.join(dir.path, name))
  writeFileSync(file, 'no database'.repeat(1_000))
  const second = open(file)
  await second.use(({ insert }) => insert.run('after'))
  expect(await second.use(({ all }) => all.all())).toEqual([{ word: 'after' }])
  second.close()
  expect(readdirSync(dir.path).some(name => /^words\.damaged-.*\.db$/.test(name))).toBe(true)
})

it('a file that cannot be opened is named', async () => {
  const folder = path.join(dir.path, 'folder.db')
  mkdirSync(folder)
  await expect(open(folder).use(() => null)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('folder.db'),
  })
})
