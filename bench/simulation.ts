/**
 * Simulates the limiter in virtual time for every combination of rate, number of processes and the six ways in which an
 * upstream may count. The tests run a part of it. `npm run bench:simulation`
 */
import { simulate } from '../test/faults/simulation.ts'
import {
  fixedWindowAligned,
  fixedWindowFromFirstCall,
  type LimiterFactory,
  slidingCounter,
  slidingLog,
  spacedGcra,
  tokenBucket,
} from '../test/support/limiter-models.ts'

const HOUR_MS = 3_600_000
const BURSTS: LimiterFactory[] = [fixedWindowAligned, fixedWindowFromFirstCall, slidingLog, tokenBucket]

/** The hours simulated at the smaller rates and at 250 calls per minute. */
const UPSTREAMS = [
  { name: 'fixed windows, sliding log, token bucket', limiters: BURSTS, hours: 10, hoursAt250: 1 },
  { name: 'the same, 1 % of ways late', limiters: BURSTS, hours: 10, hoursAt250: 1, lateWays: 0.01 },
  { name: 'sliding counter', limiters: [slidingCounter], hours: 1.5, hoursAt250: 0.25 },
  { name: 'evenly spaced', limiters: [spacedGcra], hours: 1.5, hoursAt250: 0.25 },
]

console.log(
  '| upstream | calls per minute | processes | served | 429s | allowance used | fewest and most calls of a process |',
)
console.log('|---|---|---|---|---|---|---|')
for (const { name, limiters, hours, hoursAt250, lateWays = 0 } of UPSTREAMS) {
  for (const callsPerMinute of [5, 20, 250]) {
    for (const processes of [1, 2, 4]) {
      const durationMs = (callsPerMinute === 250 ? hoursAt250 : hours) * HOUR_MS
      const models = limiters.map(create => create(callsPerMinute))
      const run = await simulate({ callsPerMinute, processes, durationMs, limiters: models, lateWays })
      const refused = run.refusedAt.length
      const shares = run.servedBy.map(calls => calls / run.served)
      const cells = [
        name,
        callsPerMinute,
        processes,
        run.served,
        `${refused} (${percent(refused / (run.served + refused), 2)})`,
        percent(run.share, 1),
        `${percent(Math.min(...shares), 1)}, ${percent(Math.max(...shares), 1)}`,
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
  }
}

function percent(part: number, digits: number): string {
  return `${(100 * part).toFixed(digits)} %`
}
