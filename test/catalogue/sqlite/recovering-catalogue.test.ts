import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Catalogue } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { createRecoveringCatalogue, type DamagedCatalogue } from '../../../src/catalogue/sqlite/recovering-catalogue.ts'
import { numberIn } from '../../../src/store/row.ts'
import { connect } from '../../../src/store/sqlite.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { FILE_DAMAGE, overwrite, settle } from '../../support/file-damage.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeTempDir, type TempDir } from '../../support/program.ts'

const OFFERS = Array.from({ length: 300 }, (_, n) => makeOffer(String(7_000_000_000 + n)))

let dir: TempDir
let file: string
let setAsides: DamagedCatalogue[]
const opened: Catalogue[] = []
beforeEach(() => {
  dir = makeTempDir()
  file = path.join(dir.path, 'catalogue.db')
  setAsides = []
})
afterEach(async () => {
  for (const catalogue of opened.splice(0)) await catalogue.close()
  dir.remove()
})

function open(): Catalogue {
  const onSetAside = (damaged: DamagedCatalogue) => setAsides.push(damaged)
  const catalogue = createRecoveringCatalogue({ file, distDir: DIST_DIR, now: Date.now, onSetAside })
  opened.push(catalogue)
  return catalogue
}

async function fill(source: string): Promise<void> {
  const catalogue = createSqliteCatalogue({ file, distDir: DIST_DIR })
  await catalogue.putOffers(source, OFFERS, 1)
  await catalogue.close()
  settle(file)
}

const countOf = async (catalogue: Catalogue) => (await catalogue.list(null, null, 1_000)).length

describe('a damaged catalogue', () => {
  it.each(FILE_DAMAGE)('with %s is set aside when it is opened', async (_name, damage) => {
    await fill('import')
    damage(file)
    const catalogue = open()
    expect(await countOf(catalogue)).toBe(0)
    await catalogue.putOffers('parse', OFFERS, 2)
    expect(setAsides).toEqual([
      { file: expect.stringMatching(/^catalogue\.damaged-\d+T\d+Z\.db$/), mayHoldImports: true },
    ])
    expect(readdirSync(dir.path)).toContain(setAsides[0]?.file)
    expect(await countOf(open())).toBe(300)
    expect(setAsides).toHaveLength(1)
  })

  it.each(FILE_DAMAGE)('with %s is set aside by the call that finds it', async (_name, damage) => {
    await fill('parse')
    const catalogue = open()
    settle(file)
    damage(file)
    const answers = await Promise.all([countOf(catalogue), countOf(catalogue), catalogue.stats('model')])
    expect(answers).toEqual([0, 0, []])
    await catalogue.putOffers('parse', OFFERS, 2)
    expect(await countOf(catalogue)).toBe(300)
    expect(setAsides).toHaveLength(1)
  })

  it('goes on with the file that another process started', async () => {
    await fill('parse')
    const [ours, theirs] = [open(), open()]
    settle(file)
    overwrite(file, new Uint8Array(100), 0)
    expect(await countOf(theirs)).toBe(0)
    await theirs.putOffers('parse', OFFERS, 2)
    expect(await countOf(ours)).toBe(300)
    expect(setAsides).toHaveLength(1)
  })

  it('is known to hold no imports if its offers can be read', async () => {
    await fill('parse')
    const database = connect(file)
    const table = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'failures'").get()
    database.close()
    overwrite(file, new Uint8Array(4096).fill(255), (numberIn(table, 'rootpage') - 1) * 4096)
    expect(await countOf(open())).toBe(0)
    expect(setAsides).toMatchObject([{ mayHoldImports: false }])
  })
})
