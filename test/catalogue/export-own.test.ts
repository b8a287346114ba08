/** A user's own offers come back from each kind of file as they were, pictures included. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Catalogue, IMPORT_SOURCE } from '../../src/catalogue/catalogue.ts'
import { exportOffers, exportWorkbook } from '../../src/catalogue/export.ts'
import { importOffers, openImportFile } from '../../src/catalogue/import/import-file.ts'
import { createOwnedCatalogue, EVERYBODY } from '../../src/catalogue/owners.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { deriveOwnId } from '../../src/offers/id/own-id.ts'
import type { OfferSummary } from '../../src/offers/offer.ts'
import { parsePrice, spanPrices } from '../../src/offers/price/price.ts'
import { cleanText, TITLE_MAX_CHARS } from '../../src/offers/text.ts'
import { createKeptPictures, type KeptPictures } from '../../src/pictures/kept-pictures.ts'
import { readSheetPicture } from '../../src/pictures/sheet-picture.ts'
import { drawnPicture } from '../support/drawn-pictures.ts'

const { signal } = new AbortController()
let folder: string
let before: Catalogue
let after: Catalogue
let kept: KeptPictures
let pictures: string[]
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-export-'))
  const open = (name: string) => createSqliteCatalogue({ file: path.join(folder, name), distDir: folder })
  before = open('before.db')
  after = open('after.db')
  kept = createKeptPictures(folder)
  const files = [
    await drawnPicture().jpeg().toBuffer(),
    await drawnPicture([10, 80, 40]).png().toBuffer(),
    // A spreadsheet cannot show it, so its address is written.
    await drawnPicture([90, 80, 40]).webp().toBuffer(),
  ]
  pictures = await Promise.all([
    ...files.map(file => kept.keep(file)),
    ...['a', 'b'].map(async name => `https://cbu01.alicdn.com/img/${name}.jpg`),
  ])
})
afterAll(async () => {
  await before.close()
  await after.close()
  rmSync(folder, { recursive: true, force: true })
})

async function writeSheet(format: 'csv' | 'jsonl' | 'xlsx'): Promise<string> {
  const file = path.join(folder, `offers.${format}`)
  if (format === 'xlsx') {
    writeFileSync(file, await exportWorkbook(before, [IMPORT_SOURCE], { readPicture: readSheetPicture, signal }))
    return file
  }
  const pieces = []
  for await (const piece of exportOffers(before, format, [IMPORT_SOURCE])) pieces.push(piece)
  writeFileSync(file, pieces.join(''))
  return file
}

/** U+FFFD stands for broken bytes, and an apostrophe in front of a sign for a disarmed formula. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map(raw => cleanText(raw, TITLE_MAX_CHARS))
  .filter(line => line === null || !/^'+[=+\-@＝＋－＠]|\uFFFD/.test(line))
const amount = fc.integer({ min: 1, max: 9_999_99 }).map(fen => parsePrice((fen / 100).toFixed(2)))
const ladder = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 2, maxLength: 4 }),
    fc.array(amount, { minLength: 4, maxLength: 4 }),
  )
  .map(([steps, prices]) =>
    steps
      .toSorted((a, b) => a - b)
      .flatMap((minQuantity, index) => {
        const price = prices.toSorted((a, b) => (b?.min ?? 0) - (a?.min ?? 0))[index]
        return price ? [{ minQuantity, price }] : []
      }),
  )
type Pricing = Pick<OfferSummary, 'price' | 'priceTiers' | 'quoted' | 'pack'> & { unit?: string }
const packed = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom(2, 10, 12, 24, 144))
  .map(([fen, units]) => ({
    price: parsePrice(String(fen / 100)),
    quoted: null,
    unit: '件',
    pack: { name: 'carton' as const, units, price: ((fen * units) / 100).toFixed(2) },
  }))
const pricing: fc.Arbitrary<Pricing> = fc.oneof(
  packed,
  amount.map(price => ({ price, quoted: null })),
  fc.constant({ price: null, quoted: null }),
  amount.map(price => ({ price: null, quoted: price && { text: price.text, currency: 'USD' } })),
  ladder.map(priceTiers => ({ price: spanPrices(priceTiers.map(({ price }) => price)), priceTiers, quoted: null })),
)
const own = fc.record({
  title: text.map(line => line ?? '杯'),
  shopName: text,
  moq: fc.option(fc.integer({ min: 1, max: 99_999 })),
  pricing,
  picks: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
})

it.each(['csv', 'jsonl', 'xlsx'] as const)('own offers are read back from %s as they were', async format => {
  await fc.assert(
    fc.asyncProperty(fc.array(own, { minLength: 1, maxLength: 6 }), async parts => {
      for (const catalogue of [before, after]) await catalogue.remove(IMPORT_SOURCE, null)
      const offers = parts.map(({ picks, pricing: priced, ...rest }, index): OfferSummary => {
        const [imageUrl = null, ...photos] = picks.map(pick => pictures[pick] ?? '')
        const place = { city: '金华市', province: '浙江省', unit: '只' }
        const offerId = index % 2 === 0 ? deriveOwnId(String(index)) : String(791_912_182_230 + index)
        return { offerId, ...rest, ...place, ...priced, imageUrl, ...(photos.length > 0 ? { photos } : {}) }
      })
      await before.putOffers(IMPORT_SOURCE, offers, 1000)
      const file = await writeSheet(format)
      const opened = await openImportFile(file, { keepPicture: kept.keep, isKept: kept.isKept })
      expect(
        await importOffers(createOwnedCatalogue(after, EVERYBODY).importsOf(null), opened, { now: 1000, signal }),
      ).toMatchObject({
        imported: offers.length,
        rejected: [],
        notes: [],
      })
      const [written, read] = await Promise.all(
        [before, after].map(catalogue => catalogue.list([IMPORT_SOURCE], null, 10)),
      )
      expect(read?.map(({ offer }) => offer)).toEqual(written?.map(({ offer }) => offer))
    }),
    { numRuns: 25, seed: 1688 },
  )
})
