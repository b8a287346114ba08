/** The reference that the ledger is held against: the same promises in twenty lines, without a store, in true time. */
import type { Allowance } from '../../src/limits/ledger/allowance.ts'

export interface ModelCall {
  grantedAt: number
  slotUntil: number
  credits: number
  settled: boolean
}

/** What must be true. */
export class LedgerModel {
  now = 0
  readonly calls = new Map<number, ModelCall>()
  readonly line = new Map<string, number>()
  readonly limit: number
  readonly cap: number

  constructor(allowance: Allowance) {
    this.limit = allowance.callsPerMinute ?? Number.POSITIVE_INFINITY
    this.cap = allowance.creditsPerMonth ?? Number.POSITIVE_INFINITY
  }

  get creditsUsed(): number {
    return [...this.calls.values()].reduce((sum, call) => sum + call.credits, 0)
  }

  /** What the ledger must answer now. */
  expected(ticket: string, credits: number): 'granted' | 'rate' | 'credits' {
    for (const [waiting, seen] of this.line) if (seen <= this.now - 5_000) this.line.delete(waiting)
    if (this.creditsUsed + credits > this.cap) return 'credits'
    const tickets = [...this.line.keys()]
    const ahead = this.line.has(ticket) ? tickets.indexOf(ticket) : tickets.length
    const live = [...this.calls.values()].filter(call => call.slotUntil > this.now).length
    return this.limit - live > ahead ? 'granted' : 'rate'
  }
}
