/** `POST /catalogue/import`: a key's own offers, from a sheet. */
import * as z from 'zod'
import { importSchema, shapeImport } from '../../../shape/import.ts'
import type { Services } from '../../../use-cases/use-cases.ts'
import { HttpError } from '../../access/http-error.ts'
import { type Exchange, sendJson } from '../../server/exchange.ts'
import { tooLarge, withReceivedSheet } from './receive.ts'

/** Of all keys: each holds a file on the disk. */
const MAX_AT_ONCE = 4

const fieldsSchema = z.strictObject({
  map: z.string().min(1).max(2_000).optional(),
  rates: z.string().min(1).max(200).optional(),
  encoding: z.string().min(1).max(40).optional(),
  dry_run: z.enum(['true', 'false']).default('false'),
})

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
      const result = await withReceivedSheet(request, maxBytes, ({ file, fields }) => {
        const { map = null, rates = null, encoding = null, dry_run: dryRun } = parseFields(fields)
        const sheet = { kind: 'upload' as const, file, keep: dryRun === 'false', mostOffers: caller.mostOffers }
        return servicesOf(owner).importOffers({ sheet, map, rates, encoding }, { signal })
      })
      sendJson(response, 200, { status: 'success', data: importSchema.parse(shapeImport(result)) })
    } finally {
      importing.delete(owner)
      work.spend(0, Number(request.headers['content-length'] ?? maxBytes))
    }
  }
}

function parseFields(fields: ReadonlyMap<string, string>): z.output<typeof fieldsSchema> {
  const parsed = fieldsSchema.safeParse(Object.fromEntries(fields))
  if (parsed.success) return parsed.data
  throw new HttpError({
    status: 400,
    code: 'invalid_input',
    message: 'A field of the form is unknown, or has no valid value.',
    hint: 'The fields are map ("Unit Cost=price"), rates ("USD=7.1"), encoding and dry_run (true or false).',
  })
}

function busy(message: string): HttpError {
  return new HttpError({
    status: 429,
    code: 'rate_limited',
    message,
    hint: 'Wait until it has finished.',
    headers: { 'retry-after': '10' },
  })
}
