/**
 * A process that asks a reply cache: for each line on stdin, a {@link ChildOrder} as JSON, it calls many times at once,
 * writes `asked`, and then a {@link ChildReport} as JSON. Its only argument is the cache's file.
 */
import { createInterface } from 'node:readline'
import { DETAILS_POLICY } from '../../src/cache/policy.ts'
import { createReplyCache } from '../../src/cache/reply-cache.ts'
import { createSqliteCacheStore } from '../../src/cache/sqlite/cache-store.ts'
import { asAppError } from '../../src/errors.ts'
import { createLogger } from '../../src/log.ts'
import { systemClock } from '../../src/time/clock.ts'
import { decodeOffer } from './cache-upstream.ts'

export interface ChildOrder {
  url: string
  /** Concurrent calls for each id. */
  calls: number
  ids: string[]
  /** How far this process's clock is ahead of the others'. */
  aheadMs: number
}

export interface ChildReport {
  /** How often each title was returned; an error code counts as a title. */
  titles: Record<string, number>
  creditsSpent: number
  warnings: number
}

const [file = ''] = process.argv.slice(2)
const say = (text: string): void => void process.stdout.write(`${text}\n`)
let aheadMs = 0
let warnings = 0
const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs }
const cache = createReplyCache({
  store: createSqliteCacheStore({ file, clock }),
  clock,
  logger: createLogger({ level: 'warn', write: () => warnings++ }),
})

async function ask(url: string, id: string): Promise<{ title: string; creditsSpent: number }> {
  const fetchTitle = async (signal: AbortSignal) => {
    const response = await fetch(`${url}/${id}`, { signal })
    return { value: { title: await response.text() }, creditsSpent: 1 }
  }
  const key = { scope: 'parse', kind: 'details', id } as const
  const options = { signal: new AbortController().signal, decode: decodeOffer }
  try {
    const { value, creditsSpent } = await cache.through(key, DETAILS_POLICY, fetchTitle, options)
    return { title: value.title, creditsSpent }
  } catch (error) {
    return { title: asAppError(error).code, creditsSpent: 0 }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const order: ChildOrder = JSON.parse(line)
  aheadMs = order.aheadMs
  const asked = order.ids.flatMap(id => Array.from({ length: order.calls }, () => ask(order.url, id)))
  say('asked')
  const report: ChildReport = { titles: {}, creditsSpent: 0, warnings: 0 }
  for (const { title, creditsSpent } of await Promise.all(asked)) {
    report.titles[title] = (report.titles[title] ?? 0) + 1
    report.creditsSpent += creditsSpent
  }
  say(JSON.stringify({ ...report, warnings }))
}
await cache.close()
