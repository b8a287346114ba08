import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LEDGER_MIGRATIONS } from '../../src/limits/ledger/sqlite/sql.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { straceProblem } from '../support/strace.ts'
import { bundleWriter, startWriter } from './writer-process.ts'

const CREDITS = 80

const reason = straceProblem()
if (reason !== null) process.stderr.write(`Disk faults are not tested: ${reason}.\n`)

describe.skipIf(reason !== null)('a disk that fails', () => {
  let folder: string
  let program: string
  beforeAll(async () => {
    program = await bundleWriter()
  })
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-disk-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  // The first calls of each kind are the opening's; then every few of them fail.
  test.each([
    { fault: 'EIO on fsync', inject: 'fsync:error=EIO:when=25+7' },
    { fault: 'ENOSPC on write', inject: 'pwrite64:error=ENOSPC:when=120+41' },
  ])('with $fault refuses calls and loses no count', async ({ inject }) => {
    const file = path.join(folder, 'ledger.db')
    const strace = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      `trace=${inject.split(':')[0]}`,
      '-e',
      `inject=${inject}`,
    ]
    const writer = startWriter([program, file, 'full', String(CREDITS), '400'], strace)
    const log = await writer.log

    const database = openSqlite({ file, durability: 'full', migrations: LEDGER_MIGRATIONS })
    const rows = database.prepare('SELECT id, credits FROM calls').all()
    const integrity = database.prepare('PRAGMA integrity_check').get()
    database.close()

    expect(log.finished).toBe(true)
    expect(log.failures).toBeGreaterThan(0)
    expect(integrity).toEqual({ integrity_check: 'ok' })
    const ids = rows.map(row => Number(row.id))
    expect(log.callIds.filter(callId => !ids.includes(callId))).toEqual([])
    expect(ids.length).toBe(CREDITS)
  })
})
