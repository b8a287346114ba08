/** Buyers' requests with the calls that answer them; arguments may refer to earlier replies. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const callSchema = z.strictObject({
  tool: z.string(),
  /** `photo:NAME` stands for a buyer's photo, `$best` and `$second` for the first offers of the previous search. */
  arguments: z.record(z.string(), z.unknown()),
  /** Must occur in the reply's text and JSON. */
  facts: z.array(z.string()).optional(),
  /** The kind of product that the first offer must be. */
  finds: z.string().optional(),
  /** The call fails, and its text says this. Default: it succeeds. */
  error: z.string().optional(),
})

const requestSchema = z.strictObject({
  id: z.int(),
  language: z.enum(['en', 'zh']),
  request: z.string(),
  calls: z.array(callSchema).min(1),
  /** Limits in tokens (o200k) for the texts of all replies, and for their JSON. */
  max_tokens: z.int(),
  /** The most that all calls spend. Those on sample data spend nothing. */
  credits: z.int().default(0),
  upstream: z.enum(['sample', 'tmapi']).default('tmapi'),
  /** The set of tools that is needed. Default: the usual one. */
  tools: z.enum(['sourcing', 'all']).default('sourcing'),
})

export type ExpectedCall = z.output<typeof callSchema>

export type BuyerRequest = z.output<typeof requestSchema>

const photos = path.resolve(import.meta.dirname, '../fixtures/queries')

/** `requests`: forty about finding and comparing; `buying-requests`: twenty about deciding. */
export function readRequests(file: 'requests' | 'buying-requests' = 'requests'): BuyerRequest[] {
  const lines = readFileSync(path.join(import.meta.dirname, `${file}.jsonl`), 'utf8')
    .trim()
    .split('\n')
  return lines.map(line => requestSchema.parse(JSON.parse(line)))
}

/** Replaces photos by their paths and `$best` and `$second` by offer IDs from `found`. */
export function fill(text: string, found: readonly string[]): string {
  const [best = '$best', second = '$second'] = found
  const withOffers = text.replaceAll('$best', best).replaceAll('$second', second)
  return withOffers.replaceAll(/photo:([a-z-]+)/g, (_all, name: string) => path.join(photos, `${name}.webp`))
}

export function argumentsOf(call: ExpectedCall, found: readonly string[]): Record<string, unknown> {
  const fillIn = (value: unknown): unknown => {
    if (typeof value === 'string') return fill(value, found)
    return Array.isArray(value) ? value.map(fillIn) : value
  }
  return Object.fromEntries(Object.entries(call.arguments).map(([name, value]) => [name, fillIn(value)]))
}

/** Best first. */
export function offerIdsOf(structured: unknown): string[] {
  const found = z.object({ products: z.array(z.object({ offer_id: z.string() })) }).safeParse(structured)
  return found.success ? found.data.products.map(product => product.offer_id) : []
}
