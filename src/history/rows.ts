/** Reads rows of either database. */
import { observedSchema, type PastObservation } from '../offers/observation.ts'
import { numberIn, type Row, textIn } from '../store/row.ts'

/** An observation that an earlier version wrote and that cannot be read says nothing. */
export function readObservation(row: Row): PastObservation {
  return { facts: readFacts(textIn(row, 'facts')), lastAt: numberIn(row, 'last_at') }
}

function readFacts(json: string): PastObservation['facts'] {
  try {
    return observedSchema.safeParse(JSON.parse(json)).data ?? {}
  } catch {
    return {}
  }
}
