/** Creates the configured upstreams, each with its own ledger, plan and cache scope. */
import { createHash } from 'node:crypto'
import type { ReplyCache } from '../cache/reply-cache.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Config, UpstreamName } from '../config.ts'
import { DEFAULT_CONNECTIONS as connections, createGate } from '../limits/gate/gate.ts'
import type { Allowance } from '../limits/ledger/allowance.ts'
import type { Ledger } from '../limits/ledger/ledger.ts'
import { ledgerFileName } from '../limits/ledger/sqlite/ledger-file.ts'
import type { Logger } from '../log.ts'
import type { Proxies } from '../net/proxies.ts'
import { systemClock } from '../time/clock.ts'
import { type Breaker, createBreaker } from '../upstream-calls/circuit-breaker.ts'
import type { UpstreamClients } from '../upstream-calls/failover.ts'
import type { Ability } from '../upstream-calls/metered-call.ts'
import { createUpstreamClient, type UpstreamClient } from '../upstream-calls/upstream-client.ts'
import { open1688 } from '../upstreams/open1688/upstream.ts'
import { own } from '../upstreams/own/upstream.ts'
import { parse } from '../upstreams/parse/upstream.ts'
import type { UpstreamDescriptor } from '../upstreams/port.ts'
import { sample } from '../upstreams/sample/upstream.ts'
import { tmapi } from '../upstreams/tmapi/upstream.ts'

export interface UpstreamsDeps {
  config: Config
  /** Contains the sample catalogue. */
  sampleDir: string
  catalogue: Catalogue
  cache: ReplyCache
  openLedger(apiKey: string, allowance: Allowance): Ledger
  logger: Logger
  proxies: Proxies
  /** Whether calls may go out without a ledger. */
  isLocal: boolean
}

const UPSTREAMS: Readonly<Record<UpstreamName, UpstreamDescriptor<Config>>> = { own, sample, parse, open1688, tmapi }

/** Makes a client of each upstream that is configured, in the order in which they are asked. */
export function createUpstreams(deps: UpstreamsDeps): UpstreamClients {
  const [first, ...others] = deps.config.upstreams
  return [createClient(first, deps), ...others.map(name => createClient(name, deps))]
}

/** The allowance of the configured upstream that a ledger file belongs to; `null` for any other. */
export function allowanceOf(config: Config, ledgerName: string): Allowance | null {
  const keys = config.upstreams.map(name => UPSTREAMS[name].keyOf(config))
  return keys.find(key => key !== null && ledgerFileName(key.secret) === ledgerName)?.allowance ?? null
}

function createClient(name: UpstreamName, deps: UpstreamsDeps): UpstreamClient {
  const { config, sampleDir, proxies } = deps
  const { create, keyOf, retries, wireMs } = UPSTREAMS[name]
  const common = {
    upstream: create(config, { clock: systemClock, proxies, connections, sampleDir }),
    catalogue: deps.catalogue,
    mirrorTtlMs: config.mirrorTtl,
    breakerOf: config.upstreams.length > 1 ? createBreakers() : null,
    now: systemClock.now,
  }
  const key = keyOf(config)
  if (key === null) return createUpstreamClient({ ...common, metering: null })
  const { secret, baseUrl, allowance } = key
  const plan = { name: key.plan, allowance }
  const gate = createGate({
    plan,
    openLedger: () => deps.openLedger(secret, allowance),
    // With a shared database, pacing within one process would exceed the limit that other machines count on.
    mode: deps.isLocal && config.store === undefined ? 'open' : 'closed',
    retries,
    logger: deps.logger,
  })
  const scope = `${name}:${createHash('sha256').update(`${baseUrl}\n${secret}`).digest('hex').slice(0, 16)}`
  return createUpstreamClient({ ...common, metering: { gate, cache: deps.cache, scope, plan, wireMs } })
}

/** A breaker for each ability, made at the first need. */
function createBreakers(): (ability: Ability) => Breaker {
  const breakers = new Map<Ability, Breaker>()
  return ability => {
    const breaker = breakers.get(ability) ?? createBreaker(systemClock)
    breakers.set(ability, breaker)
    return breaker
  }
}
