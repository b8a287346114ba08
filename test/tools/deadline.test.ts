import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { defineTool } from '../../src/tools/define.ts'
import { runTool } from '../../src/tools/run.ts'
import { stillFetching } from '../../src/upstream-calls/still-fetching.ts'
import { createStubServices } from '../http/stub-services.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const logger = { debug() {}, info() {}, warn() {}, error() {} }

/** Runs a tool that ends when its signal aborts, with what `failureOf` makes of the reason. */
function run(failureOf: (reason: unknown) => unknown, endsProcess = false) {
  const tool = defineTool({
    name: 'slow',
    title: 'Slow',
    description: 'Waits.',
    effect: 'reads',
    input: z.object({}),
    output: z.object({}),
    handle: (_input, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(failureOf(signal.reason)))),
  })
  const { signal } = new AbortController()
  return runTool(tool, {}, { services: createStubServices(), signal, endsProcess }, logger)
}

it('says that a call ran out of time', async () => {
  const reply = run(reason => reason)
  vi.advanceTimersByTime(45_000)
  expect((await reply).text).toContain('The call did not finish within 45 s. Call again')
})

it('says when to ask again for what is still on the wire', async () => {
  const reply = run(reason => stillFetching(reason, 14_200, 1))
  vi.advanceTimersByTime(45_000)
  expect((await reply).text).toBe(
    'The call did not finish within 45 s. It is still being fetched: ask again in about 15 s, at no further cost.\n' +
      '(code: deadline_exceeded; retryable: yes; retry_after_s: 15; credits_spent: 1)',
  )
})

it('has no deadline if the process ends with the call', async () => {
  const ended = vi.fn()
  void run(reason => reason, true).then(ended)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(ended).not.toHaveBeenCalled()
})
