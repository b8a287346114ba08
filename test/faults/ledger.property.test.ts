import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Allowance } from '../../src/limits/ledger/allowance.ts'
import type { Ledger, Outcome } from '../../src/limits/ledger/ledger.ts'
import { createLedgerFixture, type LedgerFixture } from '../support/ledger-fixture.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'
import { LedgerModel } from './ledger-model.ts'

const ALLOWANCE: Allowance = { callsPerMinute: 3, creditsPerMonth: 25, creditResetDay: null }
const PROCESSES = 3

interface World {
  fixture: LedgerFixture
  clock: VirtualClock
  ledgers: Ledger[]
  /** When each call reached the upstream, as late or as early as can be. */
  arrivals: number[]
}

type Command = fc.AsyncCommand<LedgerModel, World>

const processIndex = fc.integer({ min: 0, max: PROCESSES - 1 })

const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(processIndex, fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 3 })).map(acquire),
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom<Outcome['kind']>('answered', 'not_sent', 'unknown'),
      fc.integer({ min: 0, max: 2_000 }),
    )
    .map(settle),
  fc.tuple(processIndex, fc.constantFrom('a', 'b', 'c', 'd', 'e')).map(cancel),
  processIndex.map(crash),
  fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 3_000, max: 70_000 })).map(pass),
  fc.constantFrom(-48, -1, 1, 48).map(setWall),
]

function acquire([process, ticket, credits]: [number, string, number]): Command {
  return {
    check: () => true,
    async run(model, world) {
      const expected = model.expected(ticket, credits)
      const grant = await world.ledgers[process]?.acquire(ticket, credits)
      expect(grant?.granted ? 'granted' : grant?.reason).toBe(expected)
      if (!grant?.granted) {
        expect(grant?.retryAfterMs).toBeGreaterThan(0)
        if (expected === 'rate') model.line.set(ticket, model.now)
        else model.line.delete(ticket)
        return
      }
      expect(model.calls.has(grant.callId)).toBe(false)
      model.line.delete(ticket)
      model.calls.set(grant.callId, { grantedAt: model.now, slotUntil: model.now + 60_600, credits, settled: false })
    },
    toString: () => `acquire(${process}, ${ticket}, ${credits})`,
  }
}

function settle([pick, kind, headersAfterMs]: [number, Outcome['kind'], number]): Command {
  const openCalls = (model: LedgerModel) => [...model.calls].filter(([, call]) => !call.settled)
  return {
    check: model => openCalls(model).length > 0,
    async run(model, world) {
      const open = openCalls(model)
      const picked = open[pick % open.length]
      if (picked === undefined) return
      const [callId, call] = picked
      const tookMs = Math.min(headersAfterMs, model.now - call.grantedAt)
      const outcome: Outcome =
        kind === 'answered' ? { kind, headersAfterMs: tookMs } : { kind: kind === 'not_sent' ? kind : 'unknown' }
      await world.ledgers[pick % PROCESSES]?.settle(callId, outcome)
      call.settled = true
      if (kind === 'not_sent') {
        model.calls.delete(callId)
        return
      }
      const arrivedMs = Math.min(kind === 'answered' ? tookMs : 600, 600)
      call.slotUntil = call.grantedAt + arrivedMs + 60_000
      world.arrivals.push(call.grantedAt + (pick % 2 === 0 ? arrivedMs : 0))
    },
    toString: () => `settle(${pick}, ${kind}, ${headersAfterMs})`,
  }
}

function cancel([process, ticket]: [number, string]): Command {
  return {
    check: () => true,
    async run(model, world) {
      await world.ledgers[process]?.leave(ticket)
      model.line.delete(ticket)
    },
    toString: () => `cancel(${process}, ${ticket})`,
  }
}

/** The process dies and another starts: its calls are never settled, and its waiters stop asking. */
function crash(process: number): Command {
  return {
    check: () => true,
    async run(_model, world) {
      await world.ledgers[process]?.close()
      world.ledgers[process] = world.fixture.open(ALLOWANCE, world.clock)
    },
    toString: () => `crash(${process})`,
  }
}

function pass(ms: number): Command {
  return {
    check: () => true,
    async run(model, world) {
      model.now += ms
      world.clock.pass(ms)
    },
    toString: () => `pass(${ms})`,
  }
}

function setWall(hours: number): Command {
  return {
    check: () => true,
    async run(_model, world) {
      world.clock.setWall(hours * 3_600_000)
    },
    toString: () => `setWall(${hours} h)`,
  }
}

/** What must hold after any history. */
async function checkPromises(model: LedgerModel, world: World): Promise<void> {
  const limit = ALLOWANCE.callsPerMinute ?? 0
  for (const call of model.calls.values()) if (!call.settled) world.arrivals.push(call.grantedAt)
  world.arrivals.sort((a, b) => a - b)
  for (const [index, late] of world.arrivals.slice(limit).entries()) {
    expect(late - (world.arrivals[index] ?? 0)).toBeGreaterThanOrEqual(60_000)
  }
  const rows = world.fixture.database.prepare('SELECT coalesce(sum(credits), 0) AS value FROM calls').get()
  expect(rows?.value).toBe(model.creditsUsed)
  expect(model.creditsUsed).toBeLessThanOrEqual(ALLOWANCE.creditsPerMonth ?? 0)
  const usage = await world.ledgers[0]?.usage()
  expect(usage?.creditsUsed).toBe(model.creditsUsed)
  world.clock.pass(5_000)
  expect((await world.ledgers[0]?.usage())?.waiting).toBe(0)
}

test('the ledger keeps its promises whatever processes, crashes and clocks do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 120, size: 'max' }), async history => {
      const fixture = createLedgerFixture()
      const clock = createVirtualClock()
      const ledgers = Array.from({ length: PROCESSES }, () => fixture.open(ALLOWANCE, clock))
      const world: World = { fixture, clock, ledgers, arrivals: [] }
      const model = new LedgerModel(ALLOWANCE)
      try {
        await fc.asyncModelRun(() => ({ model, real: world }), history)
        await checkPromises(model, world)
      } finally {
        for (const ledger of world.ledgers) await ledger.close()
        fixture.remove()
      }
    }),
    { numRuns: 60 },
  )
})
