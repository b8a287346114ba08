import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { bundleWriter, keepWriting } from './writer-process.ts'

const CREDITS = 1_000

/** How often the server itself is killed. */
const SERVER_KILLS = 2

let server: PostgresServer
beforeAll(async () => {
  // What a killed server has committed is with the kernel; a power cut is not what this asks.
  if (HAS_POSTGRES) server = await startPostgres()
})
afterAll(() => server?.remove())

async function killServer(): Promise<void> {
  for (let kill = 0; kill < SERVER_KILLS; kill++) {
    // Some hundred grants after each other: the next kill comes in the middle of writing.
    const wanted = Math.floor((CREDITS * (kill + 1)) / (SERVER_KILLS + 1))
    await expect.poll(granted, { interval: 20, timeout: 60_000 }).toBeGreaterThanOrEqual(wanted)
    await server.kill()
    await server.start()
  }
}

function granted(): number {
  const exists = server.sql(`SELECT to_regclass('mcp1688_calls') IS NOT NULL`) === 't'
  return exists ? Number(server.sql('SELECT count(*) FROM mcp1688_calls')) : 0
}

describe.skipIf(!HAS_POSTGRES)('a ledger on PostgreSQL (skipped where Debian’s package is not installed)', () => {
  test('loses no credit and gives none twice while its users and the server are killed', {
    timeout: 120_000,
  }, async () => {
    const writer = [await bundleWriter('postgres-ledger-writer'), server.url(), String(CREDITS)]
    const [one, two] = await Promise.all([
      keepWriting(writer, [300, 900]),
      keepWriting(writer, [300, 900]),
      killServer(),
    ])
    const kills = one.kills + two.kills
    const acknowledged = [one, two].flatMap(run => run.logs.flatMap(log => log.callIds))
    const rows = new Set(server.sql('SELECT id FROM mcp1688_calls').split('\n').map(Number))

    expect(rows.size).toBe(CREDITS)
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    expect(acknowledged.filter(callId => !rows.has(callId))).toEqual([])
    // A kill between the commit and the word of it leaves a credit that counts as spent: at most one for each writer.
    expect(CREDITS - acknowledged.length).toBeLessThanOrEqual(kills + 2 * SERVER_KILLS)
    expect(kills).toBeGreaterThan(0)
  })
})
