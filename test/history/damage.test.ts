/** Observations lie in own.db, and come back from its copies and from what can be read. */
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import type { Sighting } from '../../src/history/history.ts'
import { createSqliteHistory } from '../../src/history/sqlite/history.ts'
import { makeOffer } from '../support/catalogue-offers.ts'
import { FILE_DAMAGE, settle } from '../support/file-damage.ts'
import { openOwnFile } from '../support/own-file.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const OFFERS = 300

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir.remove())

const idOf = (number: number) => String(710_000_000_000 + number)

function sightings(from: number, count: number, seenAt: number): Sighting[] {
  return Array.from({ length: count }, (_, number) => ({
    source: 'tmapi',
    offerId: idOf(from + number),
    kind: 'details',
    facts: { moq: from + number + 1 },
    seenAt,
  }))
}

test.each(FILE_DAMAGE)('after %s, all that was copied is there', async (_name, damage) => {
  const before = openOwnFile(dir.path)
  const history = createSqliteHistory(before.useOwnFile)
  await history.observe(sightings(0, OFFERS, 1_000))
  await before.checkKept()
  await before.close()
  settle(path.join(dir.path, 'own.db'))
  damage(path.join(dir.path, 'own.db'))

  const after = openOwnFile(dir.path)
  const restored = createSqliteHistory(after.useOwnFile)
  for (const number of [0, OFFERS / 2, OFFERS - 1]) {
    const query = { sources: ['tmapi'], offerId: idOf(number), kind: 'details' as const, limit: 5 }
    expect(await restored.past(query)).toEqual([{ facts: { moq: number + 1 }, lastAt: 1_000 }])
  }
  await restored.observe(sightings(0, 1, 90_000_000).map(seen => ({ ...seen, facts: { moq: 7 } })))
  expect(await restored.past({ sources: ['tmapi'], offerId: idOf(0), kind: 'details', limit: 5 })).toMatchObject([
    { facts: { moq: 7 } },
    { facts: { moq: 1 } },
  ])
  await after.close()
})

test('observations made before the imports of an older version are moved do not hide these', async () => {
  const old = openOwnFile(dir.path)
  // Only the catalogue, as an older version left it.
  const catalogue = createSqliteCatalogue({ file: path.join(dir.path, 'catalogue.db'), distDir: DIST_DIR })
  await catalogue.putOffers('import', [makeOffer(idOf(1))], 1_000)
  await catalogue.close()
  await createSqliteHistory(old.useOwnFile).observe(sightings(0, 1, 1_000))
  await old.close()
  const again = openOwnFile(dir.path)
  expect(await again.getOffer(idOf(1), ['import'])).not.toBeNull()
  await again.close()
})
