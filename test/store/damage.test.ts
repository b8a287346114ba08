import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DamagedFile, identityOf, isDamage, setAside } from '../../src/store/damage.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { storeUnavailable } from '../../src/store/unavailable.ts'
import { FILE_DAMAGE, settle } from '../support/file-damage.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const NOW = Date.UTC(2026, 10, 28, 9, 5, 7)

let dir: TempDir
let file: string
beforeEach(() => {
  dir = makeTempDir()
  file = path.join(dir.path, 'some.db')
})
afterEach(() => dir.remove())

describe('a damaged file', () => {
  it.each(FILE_DAMAGE)('with %s is recognised when it is opened', (_name, damage) => {
    const migrations = ['CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT']
    const open = () => openSqlite({ file, durability: 'normal', migrations })
    const database = open()
    for (let row = 0; row < 200; row++) database.prepare('INSERT INTO texts (text) VALUES (?)').run('x'.repeat(200))
    database.close()
    settle(file)
    damage(file)
    let thrown: unknown
    try {
      open()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({
      code: 'store_unavailable',
      message: 'The file some.db in the data folder is damaged.',
    })
    expect(isDamage(thrown)).toBe(true)
  })

  it('is not mistaken for one that cannot be written', () => {
    expect(isDamage(storeUnavailable('some.db', new Error('EROFS')))).toBe(false)
    expect(isDamage(storeUnavailable('some.db', new DamagedFile('row missing')))).toBe(true)
    expect(isDamage(null)).toBe(false)
  })

  it('is set aside under a name with the date, together with its log', () => {
    const setOneAside = (content: string) => {
      writeFileSync(file, content)
      writeFileSync(`${file}-wal`, 'log')
      return setAside(file, identityOf(file), NOW)
    }
    expect(setOneAside('first')).toBe('some.damaged-20261128T090507Z.db')
    expect(setOneAside('second')).toBe('some.damaged-20261128T090507Z-2.db')
    expect([file, `${file}-wal`].filter(existsSync)).toEqual([])
    const asides = ['some.damaged-20261128T090507Z.db', 'some.damaged-20261128T090507Z-2.db']
    expect(asides.map(name => readFileSync(path.join(dir.path, name), 'utf8'))).toEqual(['first', 'second'])
    expect(readFileSync(path.join(dir.path, `${asides[0]}-wal`), 'utf8')).toBe('log')
  })

  it('is left alone if another process has replaced it', () => {
    writeFileSync(file, 'damaged')
    const identity = identityOf(file)
    setAside(file, identity, NOW)
    writeFileSync(file, 'good')
    writeFileSync(path.join(dir.path, 'keeps-the-inode-apart'), '')
    expect(setAside(file, 'another', NOW)).toBeNull()
    expect(setAside(path.join(dir.path, 'none.db'), null, NOW)).toBeNull()
    expect(readFileSync(file, 'utf8')).toBe('good')
  })
})
