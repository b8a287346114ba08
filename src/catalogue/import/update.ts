/** Brings a catalogue up to date with a file, and counts what that changes. */
import { isDeepStrictEqual } from 'node:util'
import type { OfferSummary } from '../../offers/offer.ts'
import type { OwnImports } from '../owners.ts'
import type { AcceptedRow, ImportChanges } from './import-file.ts'

const PAGE_IDS = 500

export function createUpdate(imports: OwnImports, now: number) {
  const inFile = new Set<string>()
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
      for (const offer of offers) {
        inFile.add(offer.offerId)
        const before = known.get(offer.offerId)
        changes[before === undefined ? 'added' : isChanged(before, offer) ? 'changed' : 'unchanged'] += 1
      }
    },
    stored: () => inFile.size,
    async end(prune: boolean): Promise<ImportChanges> {
      const missing: string[] = []
      for (let after: string | null = null; ; ) {
        const page: string[] = await imports.listIds(after, PAGE_IDS)
        missing.push(...page.filter(id => !inFile.has(id)))
        after = page.at(-1) ?? null
        if (page.length < PAGE_IDS) break
      }
      const pruned = prune && missing.length > 0 ? await imports.remove(missing) : 0
      return { ...changes, missing: missing.length, pruned }
    },
  }
}

/** What a file leaves open keeps its value, so it is no change; but a price in another currency replaces one in CNY. */
function isChanged(before: OfferSummary, after: OfferSummary): boolean {
  const known = new Map<string, unknown>(Object.entries(before))
  const replaces = (field: string, value: unknown) => (field === 'price' && after.quoted) || value !== null
  return Object.entries(after).some(
    ([field, value]) => value !== undefined && replaces(field, value) && !isDeepStrictEqual(value, known.get(field)),
  )
}
