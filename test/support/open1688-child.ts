/**
 * A process that calls the 1688 Open Platform: for each number on stdin it makes that many concurrent calls and writes
 * their outcomes as JSON. Its only argument is the options of `createOpen1688`, as JSON.
 */
import { createInterface } from 'node:readline'
import { asAppError } from '../../src/errors.ts'
import { systemClock } from '../../src/time/clock.ts'
import { createOpen1688, open1688 } from '../../src/upstreams/open1688/upstream.ts'
import { retried } from './retried.ts'

const upstream = createOpen1688({ ...JSON.parse(process.argv[2] ?? '{}'), clock: systemClock })

async function call(): Promise<string> {
  const { signal } = new AbortController()
  try {
    const { value } = await retried(open1688.retries, () => upstream.fetchDetails('610000000001', signal))
    return value.offerId
  } catch (error) {
    return asAppError(error).code
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const calls = Array.from({ length: Number(line) }, call)
  process.stdout.write(`${JSON.stringify(await Promise.all(calls))}\n`)
}
await upstream.close()
