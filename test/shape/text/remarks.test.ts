import { expect, it } from 'vitest'
import { noteOf } from '../../../src/shape/text/remarks.ts'

it.each([
  [
    60,
    150,
    2,
    "Only 60 of 150 offers in the upstream's index have been fetched; sync_catalogue fetches the rest (2 credits).",
  ],
  [
    0,
    null,
    null,
    "None of the upstream's index has been fetched yet; sync_catalogue fetches it (the first page shows at what cost).",
  ],
  [0, 150, 3, "The copy of the upstream's index is due for renewal; sync_catalogue fetches it again (3 credits)."],
])('says of an index with %i of %s offers what the rest costs', (fetched, total, creditsToFinish, note) => {
  expect(noteOf([{ kind: 'index_incomplete', fetched, total, creditsToFinish }])).toBe(note)
})

it('names the file of a damaged catalogue, and mentions imports only if it may hold some', () => {
  const file = 'catalogue.damaged-20261128T090507Z.db'
  const noteFor = (mayHoldImports: boolean) => noteOf([{ kind: 'catalogue_set_aside', file, mayHoldImports }])
  expect(noteFor(false)).toBe(
    `The catalogue was damaged, so a new one was started. The damaged file is kept as ${file} in the data folder.`,
  )
  expect(noteFor(true)).toBe(`${noteFor(false)} Import your own offers again, or recover them from that file.`)
})

it('says how many imported offers were restored and how many were not', () => {
  const noteFor = (lost: number | null) =>
    noteOf([{ kind: 'imports_restored', file: 'own.damaged.db', restored: 2, lost }])
  expect(noteFor(0)).toContain('2 offers restored from its copies and what could be read; none is lost.')
  expect(noteFor(1)).toContain('1 offer could not be restored: import it again.')
  expect(noteFor(null)).toContain('whether it held more cannot be read.')
})
