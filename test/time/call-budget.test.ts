import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CALL_BUDGET } from '../../src/time/call-budget.ts'
import { ROOT } from '../support/program.ts'

/** What desktop hosts allow a call. */
const HOSTS_CUT_AT_MS = 60_000

interface Step {
  callerMs: number
  within?: string
  wireMs?: number
}
const steps: ReadonlyMap<string, Step> = new Map(Object.entries(CALL_BUDGET))
const { call, picture, queue, upstreams, queueBeforeNext } = CALL_BUDGET

/** Limits that a call does not wait for: of stores, whose silence is another matter, of commands, and of pages in a browser. */
const NOT_OF_A_CALL = /^(store|cache|catalogue|cli|limits.ledger|view)/

describe('what a caller waits for', () => {
  it('ends within 45 s, well before hosts cut the call off', () => {
    expect(call.callerMs).toBe(45_000)
    expect(call.callerMs).toBeLessThanOrEqual(HOSTS_CUT_AT_MS - 15_000)
    for (const { callerMs } of steps.values()) expect(callerMs).toBeLessThanOrEqual(call.callerMs)
  })

  it.each([...steps].filter(([name]) => name !== 'call'))('nests: %s', (_name, { callerMs, within = '' }) => {
    expect(callerMs).toBeLessThanOrEqual(steps.get(within)?.callerMs ?? 0)
  })

  it('leaves an answer time after the picture and a turn at the limits', () => {
    expect(picture.callerMs + queue.callerMs).toBeLessThanOrEqual(call.callerMs - 10_000)
  })

  it('leaves an upstream time to answer after a turn, however many share', () => {
    for (const shares of [2, 3]) expect(queueBeforeNext.callerMs).toBeLessThan(upstreams.callerMs / shares)
  })
})

describe('what lives on the wire', () => {
  it("has a caller's time beside it", () => {
    for (const { callerMs, wireMs = 0 } of steps.values()) if (wireMs > 0) expect(callerMs).toBeGreaterThan(0)
  })

  it('gives TMAPI the 60 s that its documentation asks for, although its caller gets an error earlier', () => {
    expect(CALL_BUDGET.tmapi.wireMs).toBe(60_000)
    expect(CALL_BUDGET.tmapi.callerMs).toBe(call.callerMs)
  })
})

it('is the only place that limits the time of a call', () => {
  const src = path.join(ROOT, 'src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const limit = /const \w*(TIMEOUT|PATIENCE|DEADLINE|BUDGET|WAIT|LIMIT)_(MS|SECONDS)\b/
  const own = files.filter(file => !NOT_OF_A_CALL.test(file) && limit.test(readFileSync(path.join(src, file), 'utf8')))
  expect(own).toEqual([path.join('time', 'call-budget.ts')])
})
