/** Sheets made at random, as buyers have them: each value is read as it was meant, or is unknown and reported. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openImportFile } from '../../../src/catalogue/import/import-file.ts'
import type { AcceptedRow, RejectedRow } from '../../../src/catalogue/import/rows/read-rows.ts'
import { createKeptPictures } from '../../../src/pictures/kept-pictures.ts'
import { fileOf, pictureBytes } from '../../support/generated-sheet/file.ts'
import type { Meaning } from '../../support/generated-sheet/row.ts'
import { type GeneratedSheet, generateSheet } from '../../support/generated-sheet/sheet.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'

/** More, and others: `GENERATED_SHEETS=5000 GENERATED_FROM=201`. */
const SHEETS = Number(process.env.GENERATED_SHEETS ?? 200)
const FIRST_SEED = Number(process.env.GENERATED_FROM ?? 1)
/** Of all prices and minimum orders, those that are unknown although the sheet says them. */
const MOST_LOST = 0.02

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-generated-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(sheet: GeneratedSheet): Promise<(AcceptedRow | RejectedRow)[]> {
  const file = path.join(folder, 'sheet')
  writeFileSync(file, fileOf(sheet))
  const rows = []
  for await (const row of (await openImportFile(file, DRY_IMPORT)).rows) rows.push(row)
  return rows
}

const { addressOf } = createKeptPictures('/data')

async function imageOf({ image }: Meaning): Promise<string> {
  return image.startsWith('https:') ? image : await addressOf(pictureBytes(image))
}

/** What the row says, in the form in which it was meant; `null` for what it calls unknown. */
function understood({ offer, notes }: AcceptedRow, meant: Meaning) {
  const isReported = (what: string): boolean => notes.some(note => note.startsWith(what))
  const ofPack = offer.pack?.price ?? offer.quoted?.text ?? offer.price?.text
  const [low, high = low] = ofPack?.split('-').map(end => Math.round(Number(end) * 100)) ?? []
  return {
    title: offer.title,
    imageUrl: offer.imageUrl,
    price: low === undefined ? (isReported('Price unknown') ? 'reported' : null) : { low, high },
    currency: low === undefined ? meant.currency : (offer.quoted?.currency ?? 'CNY'),
    pack: low === undefined ? meant.pack : (offer.pack?.units ?? 1),
    moq: offer.moq ?? (isReported('Minimum order unknown') ? 'reported' : null),
    steps: offer.priceTiers?.map(({ minQuantity, price }) => [minQuantity, Math.round(price.min * 100)]) ?? [],
  }
}

it('a sheet made at random is read exactly, or what is unknown of it is reported', async () => {
  const wrong: unknown[] = []
  let lost = 0
  let values = 0
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SHEETS; seed++) {
    const sheet = generateSheet(seed)
    const rows = await read(sheet).catch((error: Error) => [{ line: 0, reason: error.message }])
    for (const [index, meant] of sheet.meant.entries()) {
      const row = rows[index]
      if (row === undefined || !('offer' in row)) {
        wrong.push({ seed, row: row?.reason ?? rows[0] })
        continue
      }
      const { title, price, currency, pack, moq, steps } = meant
      const is = understood(row, meant)
      const isWithoutSteps = is.price === 'reported' || currency !== 'CNY'
      const shall = {
        currency,
        pack,
        title: title.normalize('NFKC'),
        imageUrl: await imageOf(meant),
        price: is.price === 'reported' ? 'reported' : price,
        moq: is.moq === 'reported' ? 'reported' : moq,
        steps: isWithoutSteps ? is.steps : steps,
      }
      values += 2
      if (is.price === 'reported') lost += 1
      if (is.moq === 'reported') lost += 1
      if (!isDeepStrictEqual(is, shall)) wrong.push({ seed, is, shall, notes: row.notes })
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
  expect(lost / values).toBeLessThan(MOST_LOST)
})
