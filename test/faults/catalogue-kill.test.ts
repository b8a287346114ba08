import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isImport } from '../../src/catalogue/owners.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, runProgram, serverCommand, type TempDir } from '../support/program.ts'

const PAGES = 12
const ROWS = 60 * PAGES
/** An import keeps so many offers in one transaction. */
const BATCH = 200

let dir: TempDir
let upstream: ParseServer
let running: ChildProcess | undefined

beforeEach(async () => {
  dir = makeTempDir()
  // Without pictures, which cost no credit and would only take time.
  upstream = await startParseServer({ rows: makeIndexRows(ROWS, ['']) })
})
afterEach(async () => {
  running?.kill('SIGKILL')
  await upstream.close()
  dir.remove()
})

const env = () => ({
  MCP1688_PARSE_API_KEY: upstream.key,
  MCP1688_PARSE_BASE_URL: upstream.url,
  MCP1688_TIER: 'developer',
})

/** Starts the program, waits until `isTime`, and kills it. */
async function killWhen(args: string[], isTime: () => boolean | Promise<boolean>): Promise<void> {
  const command = serverCommand(dir.path, env())
  running = spawn(command.command, [...command.args, ...args], { env: command.env, stdio: 'ignore' })
  const closed = once(running, 'close')
  await vi.waitFor(async () => expect(await isTime()).toBe(true), { interval: 2, timeout: 30_000 })
  running.kill('SIGKILL')
  await closed
}

const openCatalogue = () => createSqliteCatalogue({ file: path.join(dir.path, 'catalogue.db'), distDir: DIST_DIR })

it('a sync that is killed again and again fetches each page once, but for the one on the wire', {
  timeout: 60_000,
}, async () => {
  const wasOnWire: number[] = []
  for (const callsBeforeTheEnd of [1, 4, 8]) {
    const target = upstream.calls.length + callsBeforeTheEnd
    await killWhen(['catalogue', 'sync'], () => upstream.calls.length >= target)
    wasOnWire.push(Number(upstream.calls.at(-1)?.query.page))
    if (upstream.calls.length >= PAGES) break
  }
  const last = await runProgram(['catalogue', 'sync'], dir.path, env())
  expect(last.exitCode, last.stderr).toBe(0)

  const asked = upstream.calls.map(call => Number(call.query.page))
  expect([...new Set(asked)].sort((a, b) => a - b)).toEqual(Array.from({ length: PAGES }, (_, index) => index + 1))
  const repeated = asked.filter((page, index) => asked.indexOf(page) < index)
  expect(repeated.filter(page => !wasOnWire.includes(page))).toEqual([])
  expect(new Set(repeated).size).toBe(repeated.length)

  const catalogue = openCatalogue()
  expect(await catalogue.list(['parse'], null, 10_000)).toHaveLength(ROWS)
  await catalogue.close()
  const again = await runProgram(['catalogue', 'sync'], dir.path, env())
  expect(again.exitCode).toBe(0)
  expect(upstream.calls).toHaveLength(asked.length)
})

it('an import that is killed keeps whole batches, and is made whole by running it again', {
  timeout: 60_000,
}, async () => {
  const offers = 6_000
  const file = path.join(dir.path, 'own.csv')
  // A picture that is refused without a socket: what is measured is the import.
  const rows = Array.from(
    { length: offers },
    (_, index) => `Cup ${index},1.5,http://127.0.0.1:9/${index}.jpg,C-${index}`,
  )
  writeFileSync(file, `title,price,image,sku\n${rows.join('\n')}\n`)
  const catalogue = openCatalogue()
  const count = async () => (await catalogue.stats('none')).find(({ source }) => isImport(source))?.offers ?? 0

  let seen = 0
  await killWhen(['catalogue', 'import', file], async () => {
    seen = await count()
    return seen > 0
  })
  const kept = await count()
  expect(kept).toBeGreaterThanOrEqual(seen)
  expect(kept % BATCH).toBe(0)
  const whole = await runProgram(['catalogue', 'import', file, '--json'], dir.path, env())
  expect(whole.exitCode, whole.stderr).toBe(0)
  expect(await count()).toBe(offers)
  expect(upstream.calls).toEqual([])
  await catalogue.close()
})
