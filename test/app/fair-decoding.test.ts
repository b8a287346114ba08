/** With the built decoder and the sample pictures. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { loadConfig } from '../../src/load-config.ts'
import { createLogger } from '../../src/log.ts'
import { ASSETS_DIR } from '../support/package-dirs.ts'
import { makeTempDir, ROOT } from '../support/program.ts'

const PICTURES = readdirSync(path.join(ASSETS_DIR, 'sample/pictures')).map(file => `sample:${file}`)

function startApp() {
  const dir = makeTempDir()
  const config = loadConfig({ env: { MCP1688_DATA_DIR: dir.path }, flags: {}, platform: 'linux', homeDir: dir.path })
  const logger = createLogger({ level: 'silent', write: () => {} })
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: false })
  onTestFinished(async () => {
    await app.close()
    dir.remove()
  })
  const page = { page: 1, pageSize: 1 }
  const call = (queue: string) => ({ queue, signal: new AbortController().signal })
  return {
    search: (owner: string, image: string) =>
      app.servicesOf(owner).searchByImage({ image, ...page, filters: {} }, call(owner)),
    supplier: (owner: string, image: string) => {
      const ranked = { ...page, sort: null, words: null, dryRun: false }
      return app.servicesOf(owner).getSupplier({ reference: { offerId: '10001' }, image, ...ranked }, call(owner))
    },
  }
}

it.each(['search', 'supplier'] as const)("one owner's 16 calls of %s do not hold up another's only one", async kind => {
  const app = startApp()
  await app.search('bo', PICTURES[0] ?? '')
  let done = 0
  const many = PICTURES.slice(1, 17).map(image => app[kind]('ana', image).then(() => done++))
  await Promise.race(many)
  await app.search('bo', PICTURES[17] ?? '')
  // Three have begun, and as many more may end before bo's.
  expect(done).toBeLessThan(8)
  await Promise.all(many)
})
