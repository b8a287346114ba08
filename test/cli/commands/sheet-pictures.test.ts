/** Pictures inside imported sheets on the command line: named by row when they fail, deleted with the last offer. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawnGood } from '../../support/drawn-goods.ts'
import { runInProcess } from '../../support/in-process.ts'
import { sheetWithPictures } from '../../support/xlsx-parts.ts'

let dir: string
let goods: Buffer[]
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-sheet-pictures-'))
  goods = await Promise.all([1, 2, 3].map(number => drawnGood(number)))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const BROKEN = Buffer.from('\xff\xd8\xffnot a picture after all', 'latin1')

const run = (...args: string[]) => runInProcess(args, path.join(dir, 'data'))
const kept = () => readdirSync(path.join(dir, 'data', 'sheet-pictures'))

async function importSheet(rows: readonly (readonly [sku: string, picture: Buffer])[], ...flags: string[]) {
  const file = path.join(dir, 'quote.xlsx')
  writeFileSync(
    file,
    sheetWithPictures(
      [['SKU', 'Product', 'Price', 'Picture'], ...rows.map(([sku]) => [sku, `Product ${sku}`, '2.85', ''])],
      rows.map(([, bytes], index) => ({ bytes, column: 3, row: index + 1 })),
    ),
  )
  return run('catalogue', 'import', file, ...flags)
}

it('names a picture that cannot be decoded by its row, and again before it is retried', async () => {
  const [cup, plate] = goods
  if (!cup || !plate) throw new Error('nothing drawn')
  const { stdout, stderr, exitCode } = await importSheet([
    ['A', cup],
    ['B', BROKEN],
    ['C', plate],
  ])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('3 offers imported')
  expect(stdout).toContain('The pictures of 2 of 3 offers are ready to compare.')
  expect(stderr).toMatch(/line 3: Picture from the sheet cannot be compared: \w/)
  const retried = await run('catalogue', 'retry')
  expect(retried.stdout).toContain('1 picture that failed')
  expect(retried.stderr).toMatch(/^import \d+ "Product B": Picture from the sheet cannot be compared: \w/m)
  const again = await importSheet(
    [
      ['A', cup],
      ['B', BROKEN],
    ],
    '--json',
  )
  expect(JSON.parse(again.stdout)).toMatchObject({ imported: 2, unreadPictures: [{ line: 3 }] })
})

it('deletes the pictures of a sheet with the last offer that has them', async () => {
  const [cup, plate, bag] = goods
  if (!cup || !plate || !bag) throw new Error('nothing drawn')
  const names = kept()
  expect(names).toHaveLength(3)
  await importSheet([
    ['A', bag],
    ['B', plate],
    ['C', plate],
  ])
  const after = kept()
  expect(after).toHaveLength(2)
  expect(names.filter(name => after.includes(name))).toHaveLength(1)
  await importSheet([['A', bag]], '--catalogue', 'spring')
  await importSheet([['B', plate]], '--prune')
  expect(new Set(kept())).toEqual(new Set(after))
  await run('catalogue', 'remove', '--catalogue', 'spring')
  expect(kept()).toHaveLength(1)
  await run('catalogue', 'remove', 'import')
  expect(kept()).toEqual([])
})
