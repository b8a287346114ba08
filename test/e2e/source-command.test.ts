/** `mcp-1688 source` on sample data: sheets and folders in, a shortlist with pictures out. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openTable } from '../../src/sheets/read/open-table.ts'
import { xlsxOf } from '../../src/sheets/write/xlsx.ts'
import { drawnPicture } from '../support/drawn-pictures.ts'
import { runInProcess } from '../support/in-process.ts'
import { makeTempDir, ROOT, type TempDir } from '../support/program.ts'

const reply = z.object({
  products: z.array(z.object({ query: z.string(), quantity: z.number().optional(), status: z.string() })),
  failed: z.array(z.number()),
  dry_run: z.object({ credits: z.number() }).optional(),
})

describe('mcp-1688 source', () => {
  let dir: TempDir
  beforeEach(() => {
    dir = makeTempDir()
    mkdirSync(path.join(dir.path, 'photos'))
    for (const name of ['mug-rotated', 'thermos-cup-cropped']) {
      copyFileSync(path.join(ROOT, `test/fixtures/queries/${name}.webp`), path.join(dir.path, 'photos', `${name}.webp`))
    }
    writeFileSync(path.join(dir.path, 'photos', 'notes.txt'), 'no picture')
  })
  afterEach(() => dir.remove())
  const run = (...args: string[]) => runInProcess(['source', ...args], dir.path)
  const json = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(...args, '--json')
    expect(exitCode, stderr).toBe(0)
    return reply.parse(JSON.parse(stdout))
  }
  const sheet = (text: string) => {
    const file = path.join(dir.path, 'products.csv')
    writeFileSync(file, text)
    return file
  }

  it('reads pictures beside the sheet, words and quantities, and writes the shortlists with pictures', async () => {
    const file = sheet(
      'My order\nimage,产品名称,数量\nphotos/mug-rotated.webp,,200\n,雨伞,"1,000"\nsample:no-such.webp,,\n',
    )
    const out = path.join(dir.path, 'out.xlsx')
    const { exitCode, stdout, stderr } = await run(file, '--xlsx', out, '--offers-each', '2')
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain('2 of 3 products searched')
    expect(stderr).toMatch(/Wrote .*out\.xlsx, with \d of \d pictures\./)
    const table = await openTable(out)
    const rows: unknown[][] = []
    const photos: boolean[] = []
    for await (const row of table.sheets[0]?.rows() ?? []) {
      if (!('cells' in row)) continue
      photos.push((row.cells[0]?.pictures?.length ?? 0) > 0)
      rows.push(row.cells.slice(2, 7).map(({ value }) => value))
    }
    await table.close()
    expect(rows[0]?.[0]).toBe('Shortlists of 3 products')
    const head = rows.findIndex(row => row[0] === 'Product')
    expect(rows[head]).toEqual(['Product', 'Searched by', 'Quantity wanted', 'Status', 'No.'])
    const lines = rows.slice(head + 1)
    expect(lines.map(([product, , quantity, , rank]) => [product, quantity ?? null, rank ?? null])).toEqual([
      [1, 200, 1],
      // The second only if it looks like the photo.
      ...(lines.length === 5 ? [[1, 200, 2]] : []),
      [2, 1000, 1],
      [2, 1000, 2],
      [3, null, null],
    ])
    // The photo stands at the first offer that it has found.
    expect(photos.flatMap((isThere, row) => (isThere ? [row] : []))).toEqual([head + 1])
  })

  it('takes a folder of photos, and pictures in the cells of a sheet', async () => {
    const folder = await json(path.join(dir.path, 'photos'))
    expect(folder.products.map(({ query, status }) => [query, status])).toEqual([
      ['mug-rotated.webp', 'found'],
      ['thermos-cup-cropped.webp', 'found'],
    ])
    const file = path.join(dir.path, 'cells.xlsx')
    const picture = { title: 'x', mediaType: 'image/jpeg', bytes: await drawnPicture().jpeg().toBuffer() }
    const size = { width: 100, height: 75 }
    const columns = [{ name: 'qty', width: 10, kind: 'plain' as const }]
    const rows = [{ cells: [30], pictures: [{ ...picture, ...size }] }]
    const sheet = { name: 'Wanted', title: [], titlePicture: null, pictureColumns: ['picture'], columns, rows }
    writeFileSync(file, await xlsxOf([sheet]))
    expect((await json(file)).products).toMatchObject([{ quantity: 30, status: 'found' }])
  })

  it('prices a list first, and asks for a budget where it is long', async () => {
    const file = sheet(`keyword\n${Array.from({ length: 13 }, (_, index) => `杯子${index}`).join('\n')}\n`)
    expect(await json(file, '--dry-run')).toMatchObject({ dry_run: { credits: 0 } })
    const refused = await run(file)
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('13 products may cost one or two credits each.')
    expect((await json(file, '--max-credits', '5')).products).toHaveLength(13)
  })

  it.each([
    ['colour,size\nred,L\n', 'has no recognised column for pictures or words'],
    ['keyword,qty\n杯子,many\n', 'Line 2: "many" is not a quantity.'],
    ['image\n../../etc/passwd\n', 'Picture file outside the folder of the pictures'],
    ['image,qty\n,\n', 'names no product'],
  ])('explains a sheet that it cannot use: %j', async (text, message) => {
    const { exitCode, stderr } = await run(sheet(text))
    expect(exitCode).toBe(2)
    expect(stderr).toContain(message)
  })
})
