import { numberIn, type Row } from '../../store/row.ts'
import type { RateState } from './rules.ts'

/** Reads the account row, whose columns both databases name alike. */
export function readRateState(row: Row | undefined): RateState {
  return {
    now: numberIn(row, 'now'),
    blockedUntil: numberIn(row, 'blocked_until'),
    spacing: {
      steps: numberIn(row, 'spacing_steps'),
      holdMs: numberIn(row, 'spacing_hold_ms'),
      learnedAt: numberIn(row, 'spacing_learned'),
    },
  }
}
