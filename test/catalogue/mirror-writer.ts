/** Mirrors pages as fast as it can until it is killed, and prints the number of each page once it is stored. */
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { MODEL, makeOffer, makeVector, pictureOf } from '../support/catalogue-offers.ts'

const [file = '', distDir = ''] = process.argv.slice(2)
const catalogue = createSqliteCatalogue({ file, distDir })
const start = (await catalogue.getMirror('parse'))?.pagesFetched ?? 0

for (let page = start + 1; ; page++) {
  const offers = Array.from({ length: 60 }, (_, i) =>
    makeOffer(String(100_000 + page * 60 + i), { title: `page ${page}` }),
  )
  await catalogue.putMirrorPage('parse', offers, { pagesFetched: page, totalFound: null, completedAt: null }, page)
  const [first] = offers
  if (first) await catalogue.putEmbedding(pictureOf('parse', first), MODEL, makeVector(page))
  process.stdout.write(`${page}\n`)
}
