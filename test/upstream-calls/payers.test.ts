import { expect, it } from 'vitest'
import type { CallOptions } from '../../src/upstream-calls/call-options.ts'
import { createPayers } from '../../src/upstream-calls/payers/waiting-payers.ts'

const { signal } = new AbortController()

function world() {
  const payers = createPayers()
  const paid: string[] = []
  const callOf = (name: string): CallOptions => {
    const sent = () => (credits: number) => void paid.push(`${name} ${credits}`)
    return { signal, payer: { reserve: async () => undefined, sent } }
  }
  return { payers, paid, callOf }
}

it('who started the fetch pays while it waits', () => {
  const { payers, paid, callOf } = world()
  const [ana, bo] = [callOf('ana'), callOf('bo')]
  payers.join('offer 1', bo)
  payers.join('offer 1', ana)
  payers.of('offer 1', ana).sent()(1)
  expect(paid).toEqual(['ana 1'])
})

it('if it has left before anything was sent, the first of those who still wait pays', () => {
  const { payers, paid, callOf } = world()
  const [ana, bo, cy] = [callOf('ana'), callOf('bo'), callOf('cy')]
  const leave = payers.join('offer 1', ana)
  payers.join('offer 1', bo)
  payers.join('offer 1', cy)
  leave()
  payers.of('offer 1', ana).sent()(1)
  expect(paid).toEqual(['bo 1'])
})

it('who left after the request was sent still pays', () => {
  const { payers, paid, callOf } = world()
  const [ana, bo] = [callOf('ana'), callOf('bo')]
  const leave = payers.join('offer 1', ana)
  payers.join('offer 1', bo)
  const takeCost = payers.of('offer 1', ana).sent()
  leave()
  takeCost(2)
  payers.join('offer 2', callOf('cy'))
  expect(paid).toEqual(['ana 2'])
})

it('the operator, who has no account, pays nothing', () => {
  const { payers, paid } = world()
  payers.join('offer 1', { signal })
  payers.of('offer 1', { signal }).sent()(1)
  expect(paid).toEqual([])
})
