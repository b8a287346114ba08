import { expect, it } from 'vitest'
import { createProgressSender } from '../../src/mcp/progress.ts'
import type { Progress } from '../../src/tools/define.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

function createSender() {
  const clock = createVirtualClock()
  const sent: Progress[] = []
  const sender = createProgressSender(progress => sent.push(progress), clock)
  return { clock, sent, sender }
}

it('two steps that each count from the start make one rising scale', async () => {
  const { clock, sent, sender } = createSender()
  for (const done of [155, 310, 1, 155, 310]) {
    sender.report({ done, message: `${done} done` })
    await clock.advance(300)
  }
  expect(sent.map(({ done }) => done)).toEqual([155, 310, 311, 465, 620])
})

it('a total counts from the same start as the figure', async () => {
  const { clock, sent, sender } = createSender()
  sender.report({ done: 100, message: 'offers' })
  await clock.advance(300)
  sender.report({ done: 1, total: 50, message: 'pictures' })
  expect(sent.at(-1)).toEqual({ done: 101, total: 150, message: 'pictures' })
})

it('at most four notifications a second are sent, the last report among them', async () => {
  const { clock, sent, sender } = createSender()
  for (let done = 1; done <= 300; done++) {
    sender.report({ done, message: `${done} done` })
    await clock.advance(10)
  }
  await clock.advance(250)
  expect(sent.length).toBeGreaterThan(10)
  expect(sent.length).toBeLessThanOrEqual(14)
  expect(sent.at(-1)?.done).toBe(300)
})

it('a message without a new figure is sent with a slightly larger one', async () => {
  const { clock, sent, sender } = createSender()
  for (const message of ['waiting about 12 s', 'waiting about 11 s']) {
    sender.report({ done: 7, message })
    await clock.advance(1_000)
  }
  expect(sent).toEqual([
    { done: 7, message: 'waiting about 12 s' },
    { done: 7.01, message: 'waiting about 11 s' },
  ])
})

it('nothing is sent after the end of the call', async () => {
  const { clock, sent, sender } = createSender()
  sender.report({ done: 1, message: 'one' })
  sender.report({ done: 2, message: 'two' })
  sender.end()
  await clock.advance(1_000)
  expect(sent.map(({ done }) => done)).toEqual([1])
})
