/** Reads rows of either database. */
import * as z from 'zod'
import { observedSchema, type PastObservation } from '../offers/observation.ts'
import { type Watched, watchChangeSchema, watchStateSchema } from '../offers/watched.ts'
import { nullableNumberIn, nullableTextIn, numberIn, type Row, textIn } from '../store/row.ts'

/** An observation that an earlier version wrote and that cannot be read says nothing. */
export function readObservation(row: Row): PastObservation {
  return {
    facts: observedSchema.safeParse(parseJson(textIn(row, 'facts'))).data ?? {},
    lastAt: numberIn(row, 'last_at'),
  }
}

/** A state that cannot be read is read again by the next check. */
export function readWatched(row: Row): Watched {
  return {
    kind: watchKind.parse(row.kind),
    target: textIn(row, 'target'),
    addedAt: numberIn(row, 'added_at'),
    checkedAt: nullableNumberIn(row, 'checked_at'),
    state: watchStateSchema.nullable().safeParse(parseJson(nullableTextIn(row, 'state'))).data ?? null,
    news: z.array(watchChangeSchema).safeParse(parseJson(nullableTextIn(row, 'news'))).data ?? [],
  }
}

const watchKind = z.enum(['offer', 'words', 'picture'])

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
