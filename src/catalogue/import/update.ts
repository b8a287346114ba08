/** Brings a catalogue up to date with a file, and counts what that changes. */
import { isDeepStrictEqual } from 'node:util'
import { type OfferSummary, picturesOf } from '../../offers/offer.ts'
import type { OwnImports } from '../owners.ts'
import type { AcceptedRow } from './rows/read-rows.ts'

const PAGE_IDS = 500

/** What an import does to the catalogue. */
export interface ImportChanges {
  added: number
  changed: number
  unchanged: number
  /** Offers of the catalogue that the file does not have; they stay, unless they are pruned. */
  missing: number
  pruned: number
}

export function createUpdate(imports: OwnImports, now: number) {
  /** By ID, the line. */
  const inFile = new Map<string, number>()
  /** Pictures of the file, and those that offers had before. */
  const pictures = { now: new Set<string>(), before: new Set<string>() }
  const changes = { added: 0, changed: 0, unchanged: 0 }

  return {
    async put(rows: readonly AcceptedRow[]): Promise<void> {
      const ids = rows.flatMap(({ offer, formerId }) => [offer.offerId, ...(formerId === null ? [] : [formerId])])
      const known = new Map((await imports.get(ids)).map(({ offer }) => [offer.offerId, offer]))
      const offers = rows.map(({ offer, formerId }) => {
        // An offer keeps the ID under which it is known, watched and linked.
        return formerId !== null && known.has(formerId) ? { ...offer, offerId: formerId } : offer
      })
      await imports.put(offers, now)
      notePictures(pictures.before, [...known.values()])
      notePictures(pictures.now, offers)
      for (const [index, offer] of offers.entries()) {
        inFile.set(offer.offerId, rows[index]?.line ?? 0)
        const before = known.get(offer.offerId)
        changes[before === undefined ? 'added' : isChanged(before, offer) ? 'changed' : 'unchanged'] += 1
      }
    },
    stored: () => inFile.size,
    lines: inFile,
    /** Those of `kept`, and those that offers had before the import, which no offer of the file has. */
    droppedPictures: (kept: Iterable<string>) =>
      [...new Set([...pictures.before, ...kept])].filter(picture => !pictures.now.has(picture)),
    async end(prune: boolean): Promise<ImportChanges> {
      const { missing } = await listMissing(imports, inFile)
      if (!prune) return { ...changes, missing: missing.length, pruned: 0 }
      const removed = await removeOffers(imports, missing)
      for (const picture of removed.pictures) pictures.before.add(picture)
      return { ...changes, missing: missing.length, pruned: removed.count }
    },
  }
}

/** The IDs of the catalogue that a file lacks, and how many it has. */
export async function listMissing(
  imports: OwnImports,
  inFile: Pick<Set<string>, 'has'>,
): Promise<{ missing: string[]; present: number }> {
  const missing: string[] = []
  let all = 0
  for (let after: string | null = null; ; ) {
    const page: string[] = await imports.listIds(after, PAGE_IDS)
    missing.push(...page.filter(id => !inFile.has(id)))
    all += page.length
    after = page.at(-1) ?? null
    if (page.length < PAGE_IDS) return { missing, present: all - missing.length }
  }
}

/** @returns how many there were, with their pictures, which remain. */
export async function removeOffers(
  imports: OwnImports,
  ids: readonly string[],
): Promise<{ count: number; pictures: Set<string> }> {
  const pictures = new Set<string>()
  if (ids.length === 0) return { count: 0, pictures }
  for (let from = 0; from < ids.length; from += PAGE_IDS) {
    const page = await imports.get(ids.slice(from, from + PAGE_IDS))
    notePictures(
      pictures,
      page.map(({ offer }) => offer),
    )
  }
  return { count: await imports.remove(ids), pictures }
}

function notePictures(pictures: Set<string>, offers: readonly OfferSummary[]): void {
  for (const offer of offers) for (const picture of picturesOf(offer)) pictures.add(picture)
}

/** What a file leaves open keeps its value: that is not a change. A price in another currency replaces one in CNY. */
function isChanged(before: OfferSummary, after: OfferSummary): boolean {
  const known = new Map<string, unknown>(Object.entries(before))
  const replaces = (field: string, value: unknown) => (field === 'price' && after.quoted) || value !== null
  return Object.entries(after).some(
    ([field, value]) => value !== undefined && replaces(field, value) && !isDeepStrictEqual(value, known.get(field)),
  )
}
