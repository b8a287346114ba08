/** `POST /catalogue/import`: a key's own offers, from a sheet. */
import { sentImportSchema, shapeSentImport } from '../../../shape/import.ts'
import type { Services } from '../../../use-cases/use-cases.ts'
import { picturesPerMinute } from '../../access/caller.ts'
import { type HttpError, tooManyRequests } from '../../access/http-error.ts'
import { type Exchange, sendJson } from '../../server/exchange.ts'
import { parseFields } from './fields.ts'
import { tooLarge, withReceivedForm } from './receive.ts'

/** Of all keys: each holds a file on the disk. */
const MAX_AT_ONCE = 4

export interface ImportRouteDeps {
  servicesOf: (owner: string) => Services
  /** Of a request's body. */
  maxBytes: number
}

export function createImportRoute({ servicesOf, maxBytes }: ImportRouteDeps) {
  const importing = new Set<string>()

  return async (exchange: Exchange): Promise<void> => {
    const { request, response, caller, signal, work } = exchange
    const { owner } = caller
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
    if (importing.has(owner)) throw busy('Another import of this key is in progress.')
    if (importing.size >= MAX_AT_ONCE) throw busy('Too many imports are in progress.')
    importing.add(owner)
    try {
      const admitted = await caller.account?.admit(0)
      await admitted?.settle(0)
      const result = await withReceivedForm(request, maxBytes, ({ sheet: file, pictures, fields }) => {
        const { map = null, rates = null, encoding = null, ...others } = parseFields(fields)
        const { sheet_name: sheetName = null, dry_run: dryRun, prune } = others
        const changes = { keep: dryRun === 'false', prune: prune === 'true', mostOffers: caller.mostOffers }
        const sheet = { kind: 'upload' as const, file, pictures, ...changes }
        return servicesOf(owner).importOffers(
          { sheet, sheetName, map, rates, encoding },
          { signal, picturesPerMinute: picturesPerMinute(caller) },
        )
      })
      sendJson(response, 200, { status: 'success', data: sentImportSchema.parse(shapeSentImport(result)) })
    } finally {
      importing.delete(owner)
      work.spend(0, Number(request.headers['content-length'] ?? maxBytes))
    }
  }
}

function busy(message: string): HttpError {
  return tooManyRequests(message, 'Wait until it has finished.', 10_000)
}
