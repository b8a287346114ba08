import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { openSqlite } from '../../src/store/sqlite.ts'
import { testOn } from '../support/test-on.ts'

testOn(['linux'], 'keeps its lock on a file that the same process opens once more', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-'))
  const file = path.join(folder, 'some.db')
  const open = () => openSqlite({ file, durability: 'normal', migrations: ['CREATE TABLE numbers (number INTEGER)'] })
  const locks = () => readFileSync('/proc/locks', 'utf8').split(`:${statSync(file).ino} `).length - 1
  const first = open()
  first.exec('INSERT INTO numbers VALUES (1)')
  expect(locks()).toBe(1)
  const second = open()
  second.exec('INSERT INTO numbers VALUES (2)')
  expect(locks()).toBe(1)
  first.close()
  second.close()
  rmSync(folder, { recursive: true })
})
