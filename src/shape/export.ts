import * as z from 'zod'
import type { ExportResult, SavedExport } from '../offers/results/export-result.ts'
import { creditsSchema, provenanceLine, shapeCredits, shapeSource, sourceSchema } from './text/provenance.ts'
import { noteOf } from './text/remarks.ts'
import { counted, omitUnknown } from './text/values.ts'

export const exportSchema = z.object({
  file: z.string(),
  /** On the computer where the server runs. */
  path: z.string().optional(),
  address: z.string().optional(),
  expires_at: z.string().optional(),
  media_type: z.string(),
  bytes: z.int(),
  offers: z.int(),
  pictures: z.int(),
  failed: z.int(),
  landed_cost: z.boolean(),
  note: z.string().optional(),
  next: z.string(),
  source: sourceSchema,
  credits: creditsSchema,
})

export type ExportValue = z.output<typeof exportSchema>

export function shapeExport(result: ExportResult, file: SavedExport): ExportValue {
  const { name, path, address, expiresAt, mediaType, bytes } = file
  return {
    file: name,
    ...omitUnknown({ path, address, expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString() }),
    media_type: mediaType,
    bytes,
    offers: result.offers,
    pictures: result.pictures,
    failed: result.failed,
    landed_cost: result.hasLandedCost,
    ...omitUnknown({ note: noteOf(result.remarks) }),
    next: path === null ? 'Give the person the address.' : 'Give the person the path; the file is on their computer.',
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

export function exportText(value: ExportValue): string {
  const { file, path, address, expires_at: until, bytes, offers, pictures, failed, landed_cost: landed } = value
  const failures = failed === 0 ? '' : `; ${counted(failed, 'offer')} could not be read`
  return [
    `${file}: ${counted(offers, 'offer')}, ${counted(pictures, 'picture')}${landed ? ', with landed costs' : ''}, ${Math.ceil(bytes / 1000)} kB${failures}`,
    ...(path === undefined ? [] : [`path: ${path}`]),
    ...(address === undefined ? [] : [`address: ${address} (opens without a key until ${until})`]),
    ...(value.note ? [`note: ${value.note}`] : []),
    provenanceLine(value.source, value.credits),
    `next: ${value.next}`,
  ].join('\n')
}
