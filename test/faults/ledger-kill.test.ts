import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LEDGER_MIGRATIONS } from '../../src/limits/ledger/sqlite/sql.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { bundleWriter, keepWriting } from './writer-process.ts'

const CREDITS = 6_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-kill-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('two processes that are killed again and again reserve every credit once', { timeout: 120_000 }, async () => {
  const file = path.join(folder, 'ledger.db')
  // Not synced: a killed process leaves its writes with the kernel, and only a power cut would ask for more.
  const writer = [await bundleWriter(), file, 'normal', String(CREDITS), String(CREDITS)]
  const runs = await Promise.all([keepWriting(writer, [60, 310]), keepWriting(writer, [60, 310])])
  const kills = runs[0].kills + runs[1].kills
  const acknowledged = runs.flatMap(run => run.logs.flatMap(log => log.callIds))

  const database = openSqlite({ file, durability: 'full', migrations: LEDGER_MIGRATIONS })
  const rows = new Set(
    database
      .prepare('SELECT id FROM calls')
      .all()
      .map(row => Number(row.id)),
  )
  const integrity = database.prepare('PRAGMA integrity_check').get()
  database.close()

  expect(integrity).toEqual({ integrity_check: 'ok' })
  expect(rows.size).toBe(CREDITS)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(acknowledged.filter(callId => !rows.has(callId))).toEqual([])
  // A kill between the commit and the word of it leaves a credit that counts as spent.
  expect(CREDITS - acknowledged.length).toBeLessThanOrEqual(kills)
  expect(kills).toBeGreaterThan(0)
})
