/** Owns a search that an upstream does itself, as the use cases see it, and how its pages are kept. */
import { z } from 'zod'
import { storedSummary } from '../offers/stored.ts'
import type { FoundPage, FoundQuery } from '../upstream/upstream.ts'
import type { ClientCall, Fetched } from './asking.ts'

/** A search for a picture or for words. */
export interface ClientSearch<Wanted> {
  /** Offers of a page: the most that a call can buy. */
  readonly maxPageSize: number
  fetchPage(wanted: Wanted, page: FoundQuery, call: ClientCall): Promise<Fetched<FoundPage>>
}

/** A page that was kept as JSON. */
export const storedFoundPage: z.ZodType<FoundPage> = z.object({
  offers: z.array(storedSummary),
  totalFound: z.number().nullable(),
  hasMore: z.boolean().nullable(),
})

/** What tells a page from all others of its kind. @param what the picture's hash, or the words. */
export function foundId(what: string, { page, pageSize, maxPrice }: FoundQuery): string {
  return JSON.stringify([what, page, pageSize, maxPrice ?? null])
}
