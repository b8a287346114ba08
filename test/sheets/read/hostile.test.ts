import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { HOSTILE_SHEETS } from '../../support/hostile-sheets.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

/** `npm run bench:abuse` has them at full size. */
const SCALE = 0.01

const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-hostile-sheets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function titlesOf(bytes: Uint8Array): Promise<string[]> {
  const file = path.join(folder, 'sheet.xlsx')
  writeFileSync(file, bytes)
  const titles: string[] = []
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows)
    if ('offer' in row) titles.push(row.offer.title)
  return titles
}

describe('a hostile spreadsheet', () => {
  it.each(HOSTILE_SHEETS.filter(({ refusal }) => refusal !== null))('is refused: $name', async ({ make, refusal }) => {
    await expect(titlesOf(make(SCALE))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(refusal ?? ''),
    })
  })

  it.each(HOSTILE_SHEETS.filter(({ refusal }) => refusal === null))(
    'costs no more than its rows: $name',
    async ({ make }) => {
      expect(await titlesOf(make(SCALE))).toContain('cup')
    },
  )

  it('is refused wherever the file is cut off', async () => {
    const whole = HOSTILE_SHEETS[0]?.make(SCALE) ?? Buffer.alloc(0)
    for (let length = 0; length < whole.length; length += 97) {
      await expect(titlesOf(whole.subarray(0, length)), String(length)).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })

  it('is refused or read whatever byte of it is damaged', async () => {
    const whole = HOSTILE_SHEETS[0]?.make(SCALE) ?? Buffer.alloc(0)
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 0xff
      const outcome = await titlesOf(damaged).catch(error => error.code)
      expect(Array.isArray(outcome) ? 'read' : outcome, `byte ${at}`).toMatch(/^(?:read|invalid_input)$/)
    }
  })
})
