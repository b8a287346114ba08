/** `mcp-1688 search --xlsx` on sample data, opened as a spreadsheet program would. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runInProcess } from '../support/in-process.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir } from '../support/program.ts'
import { readWorkbook } from '../support/xlsx-read.ts'

const dir = makeTempDir()
afterAll(() => dir.remove())
const file = path.join(dir.path, 'found.xlsx')

async function search(...args: string[]) {
  const run = await runInProcess(['search', ...args, '--xlsx', file], dir.path)
  if (run.exitCode !== 0) return { ...run, sheets: [], size: 0 }
  const bytes = readFileSync(file)
  const sheets = (await readWorkbook(bytes)).map(({ name, rows }) => ({
    name,
    rows: rows.map(row => ('cells' in row ? row.cells : [])),
  }))
  return { ...run, sheets, size: bytes.length }
}

it('writes what a photo found: the photo beside the title, the offers with pictures and their likeness', async () => {
  const { stdout, stderr, sheets, size } = await search(DEMO_PHOTO, '--page-size', '20')
  expect(stdout).toMatch(/^(?:No close match; the nearest are )?20 of \d+ offers, page 1/)
  expect(stderr).toMatch(/Wrote .*found\.xlsx, with \d+ of 20 pictures\./)
  expect(size).toBeLessThan(600_000)
  const rows = sheets[0]?.rows ?? []
  expect(rows[0]?.[0]?.pictures).toHaveLength(1)
  const lines = rows.map(cells => cells[1]?.value)
  expect(lines[0]).toBe('Sample offers like demo-photo.webp')
  expect(lines[1]).toMatch(/^20 of \d+ offers, ranked by similarity to the picture/)
  expect(lines[2]).toMatch(/^Source: sample.*Credits spent: 0\.$/)
  expect(lines[3]).toMatch(/^SAMPLE DATA: /)
  const head = rows.findIndex(cells => cells[0]?.value === 'Picture')
  expect(rows[head]?.slice(0, 6).map(({ value }) => value)).toEqual([
    ...['Picture', 'No.', 'Offer ID', 'Title', 'Match', 'Similarity'],
  ])
  expect(rows.slice(head + 1)).toHaveLength(20)
  expect(rows[head + 1]?.[4]?.value).toBe('same item')
  expect(rows[head + 1]?.[0]?.pictures).toHaveLength(1)
})

it('writes what words found, in Chinese on request', async () => {
  const { sheets, stderr } = await search('--keyword', '杯', '--language', 'zh', '--page-size', '3')
  expect(stderr).toContain('Wrote ')
  const rows = sheets[0]?.rows ?? []
  expect(sheets[0]?.name).toBe('货源')
  expect(rows[0]?.[1]?.value).toBe('“杯”的示例货源')
  expect(rows[0]?.[0]?.pictures ?? []).toEqual([])
  expect(rows.map(cells => String(cells[1]?.value ?? '')).find(text => text.startsWith('示例数据：'))).toBeDefined()
  expect(rows.flat().some(({ value }) => value === '商品ID')).toBe(true)
})

it('asks nothing where the file cannot be written or the language is unknown', async () => {
  const unwritable = await runInProcess(['search', DEMO_PHOTO, '--xlsx', path.join(dir.path, 'no/f.xlsx')], dir.path)
  expect(unwritable).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('Cannot write') })
  const { exitCode, stderr } = await search(DEMO_PHOTO, '--language', 'fr')
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('must be en or zh') })
})
