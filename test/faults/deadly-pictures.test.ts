/** Deadly pictures as queries and as listings of the built program, with its memory and that of its decoders (PSS). */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { IMPORT_SOURCE } from '../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { makeOffer } from '../support/catalogue-offers.ts'
import { connectOverStdio, type ServerCommand, type TestClient } from '../support/clients.ts'
import { DEADLY_KINDS } from '../support/deadly-pictures.ts'
import { drawnGood } from '../support/drawn-goods.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { childrenOf, familyMemory, withPeak } from '../support/process-memory.ts'
import { makeTempDir, serverCommand } from '../support/program.ts'
import { testOn } from '../support/test-on.ts'

const MEGABYTE = 1_000_000
const SECOND_MS = 1_000

/** Calls `work` with a client of a server, and with the server's process. */
async function withServer(command: ServerCommand, work: (client: TestClient, pid: number) => Promise<void>) {
  const before = new Set(childrenOf(process.pid))
  const client = await connectOverStdio('v2 client, 2026 wire', command)
  const pid = childrenOf(process.pid).find(child => !before.has(child)) ?? 0
  await work(client, pid).finally(() => client.close())
}

testOn(
  ['linux'],
  'pictures of twelve deadly kinds take less than 250 MB, and nearly all of it is given back',
  async () => {
    const dir = makeTempDir()
    const files = await Promise.all(
      DEADLY_KINDS.map(async ({ make }, index) => {
        const file = path.join(dir.path, `${index}`)
        writeFileSync(file, await make(0.3))
        return file
      }),
    )
    await withServer(serverCommand(dir.path), async (client, pid) => {
      const search = (image: string) => client.call('search_by_image', { image_url: image, page_size: 1 })
      expect((await search(DEMO_PHOTO)).isError).toBe(false)
      const idle = familyMemory(pid)
      const { result, rise } = await withPeak(pid, async () => {
        const replies = await Promise.all(files.slice(0, 6).map(search))
        for (const file of files.slice(6)) replies.push(await search(file))
        return replies.filter(({ isError }) => isError).length
      })
      // If only one outcome occurred, the pictures would not test what they should.
      expect(result).toBeGreaterThan(4)
      expect(result).toBeLessThan(DEADLY_KINDS.length)
      expect(rise).toBeLessThan(250 * MEGABYTE)
      expect((await search(DEMO_PHOTO)).isError).toBe(false)
      await expect
        .poll(() => familyMemory(pid) - idle, { timeout: 20 * SECOND_MS, interval: 500 })
        .toBeLessThan(60 * MEGABYTE)
    })
    dir.remove()
  },
  120 * SECOND_MS,
)

const LIMIT_BYTES = 512 * 1024 * 1024

/** RLIMIT_DATA of the server, which the system takes over to its decoders. From Node 24 on, V8 reserves 256 MB of it. */
const LIMIT_KB = LIMIT_BYTES / 1024 + (Number.parseInt(process.versions.node, 10) >= 24 ? 300_000 : 0)

testOn(
  ['linux'],
  'a server of 512 MB with listings whose pictures need 240 MB each answers its first and its second search',
  async () => {
    const dir = makeTempDir()
    const hard = DEADLY_KINDS.filter(({ name }) => /progressive|interlaced/.test(name))
    const pictures = [
      ...(await Promise.all([1, 0.95].flatMap(size => hard.map(({ make }) => make(size))))),
      await drawnGood(1),
    ]
    pictures.forEach((bytes, index) => {
      writeFileSync(path.join(dir.path, `${index}.png`), bytes)
    })
    // Not by the command, which would decode them before the server does.
    const catalogue = createSqliteCatalogue({ file: path.join(dir.path, 'catalogue.db'), distDir: DIST_DIR })
    const offers = pictures.map((_, index) =>
      makeOffer(`79191218223${index}`, { imageUrl: pathToFileURL(path.join(dir.path, `${index}.png`)).href }),
    )
    await catalogue.putOffers(IMPORT_SOURCE, offers, Date.now())
    await catalogue.close()

    const { command, args, env } = serverCommand(dir.path)
    const limited = ['-c', `ulimit -d ${LIMIT_KB}; exec "$0" "$@"`, command, '--max-old-space-size=192', ...args]
    await withServer({ command: '/bin/sh', args: limited, env }, async (client, pid) => {
      let peak = 0
      const watch = setInterval(() => {
        peak = Math.max(peak, familyMemory(pid))
      }, 25)
      const query = { image_url: path.join(dir.path, '4.png'), page_size: 1 }
      for (let search = 0; search < 2; search++)
        expect((await client.call('search_by_image', query)).isError).toBe(false)
      await expect
        .poll(async () => (await client.call('search_by_image', query)).text, {
          timeout: 30 * SECOND_MS,
          interval: 500,
        })
        .toContain('791912182234')
      clearInterval(watch)
      expect(childrenOf(process.pid)).toContain(pid)
      expect(peak).toBeLessThan(LIMIT_BYTES)
    })
    dir.remove()
  },
  120 * SECOND_MS,
)
