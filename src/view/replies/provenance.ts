import { asNumber, asObject, asText } from '../bridge/json.ts'

/** Source, age and cost of a reply. `null` is unknown. */
export interface Provenance {
  upstream: string | null
  ageS: number | null
  isStale: boolean
  creditsSpent: number | null
  /** What the reply remarks, in English and in Chinese. */
  note: Note
}

export type Note = readonly [english: string | null, chinese: string | null]

export function readProvenance(reply: unknown): Provenance {
  const { source, credits, note, zh } = asObject(reply)
  const { upstream, age_s: ageS, stale } = asObject(source)
  return {
    upstream: asText(upstream),
    ageS: asNumber(ageS),
    isStale: stale === true,
    creditsSpent: asNumber(asObject(credits).spent),
    note: [asText(note), asText(asObject(zh).note)],
  }
}
