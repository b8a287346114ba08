import type { Provenance } from '../replies/provenance.ts'
import { factsLine, h } from './dom.ts'
import type { Labels } from './labels.ts'

export function provenanceFooter({ upstream, ageS, isStale, creditsSpent }: Provenance, labels: Labels): HTMLElement {
  const facts = factsLine(
    upstream,
    ageS === null ? null : labels.age(ageS),
    isStale ? labels.stale : null,
    creditsSpent === null ? null : labels.spent(creditsSpent),
  )
  return h('footer', {}, facts)
}
