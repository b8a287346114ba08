/** Makes the upstreams that the configuration names, each with a ledger, a plan and a scope of the cache of its own. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import type { ReplyCache } from '../cache/reply-cache.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Config, UpstreamName } from '../config.ts'
import { createGate } from '../limits/gate/gate.ts'
import type { RetryPolicy } from '../limits/gate/retry.ts'
import type { Allowance, Ledger } from '../limits/ledger/ledger.ts'
import type { Plan } from '../limits/ledger/refusal.ts'
import { PARSE_TIERS, resolveAllowance } from '../limits/ledger/tiers.ts'
import type { Logger } from '../log.ts'
import type { Proxies } from '../net/proxies.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { systemClock } from '../time/clock.ts'
import { type Breaker, createBreaker } from '../upstream-calls/circuit-breaker.ts'
import type { UpstreamClients } from '../upstream-calls/failover.ts'
import type { Ability } from '../upstream-calls/metered-call.ts'
import { createUpstreamClient, type UpstreamClient } from '../upstream-calls/upstream-client.ts'
import { OPEN1688_ALLOWANCE, OPEN1688_RETRIES } from '../upstreams/open1688/plan.ts'
import { createOpen1688 } from '../upstreams/open1688/upstream.ts'
import { PARSE_RETRIES } from '../upstreams/parse/failures.ts'
import { createParse } from '../upstreams/parse/upstream.ts'
import type { Upstream } from '../upstreams/port.ts'
import { createSample } from '../upstreams/sample/upstream.ts'
import { TMAPI_ALLOWANCE, TMAPI_RETRIES } from '../upstreams/tmapi/plan.ts'
import { createTmapi } from '../upstreams/tmapi/upstream.ts'

export interface UpstreamsDeps {
  config: Config
  /** The folder of the sample catalogue. */
  sampleDir: string
  catalogue: Catalogue
  cache: ReplyCache
  openLedger(apiKey: string, allowance: Allowance): Ledger
  logger: Logger
  proxies: Proxies
  /** Whether calls may go out without a ledger. */
  isLocal: boolean
}

/** A source and whose account pays for it; `null` where nobody does (no key, or nothing to pay). */
interface Source {
  upstream: Upstream
  account: { key: string; baseUrl: string; plan: Plan; retries: RetryPolicy; wireMs: number } | null
}

/** Makes a client of each upstream that is configured, in the order in which they are asked. */
export function createUpstreams(deps: UpstreamsDeps): UpstreamClients {
  const [first, ...others] = deps.config.upstreams
  return [createClient(first, deps), ...others.map(name => createClient(name, deps))]
}

function createClient(name: UpstreamName, deps: UpstreamsDeps): UpstreamClient {
  const { upstream, account } = createSource(name, deps)
  const breakerOf = deps.config.upstreams.length > 1 ? createBreakers() : null
  const common = {
    upstream,
    catalogue: deps.catalogue,
    mirrorTtlMs: deps.config.mirrorTtl,
    breakerOf,
    now: systemClock.now,
  }
  if (account === null) return createUpstreamClient({ ...common, metering: null })
  const { key, baseUrl, plan, retries, wireMs } = account
  const gate = createGate({
    plan,
    openLedger: () => deps.openLedger(key, plan.allowance),
    // A database is shared by machines: pacing in this process alone would overdraw what the others count on.
    mode: deps.isLocal && deps.config.store === undefined ? 'open' : 'closed',
    retries,
    logger: deps.logger,
  })
  const scope = `${name}:${createHash('sha256').update(`${baseUrl}\n${key}`).digest('hex').slice(0, 16)}`
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

function createSource(name: UpstreamName, { config, sampleDir, proxies }: UpstreamsDeps): Source {
  switch (name) {
    case 'sample':
      return { upstream: createSample(sampleDir), account: null }
    case 'parse':
      return createParseSource(config, proxies)
    case 'open1688':
      return createOpen1688Source(config, proxies)
    case 'tmapi':
      return createTmapiSource(config, proxies)
  }
}

function createParseSource(config: Config, proxies: Proxies): Source {
  const { parseBaseUrl: baseUrl, parseApiKey: key, tier, ratePerMinute, creditsPerMonth, creditResetDay } = config
  const upstream = createParse({ baseUrl, apiKey: key ?? null, clock: systemClock, proxies })
  if (key === undefined) return { upstream, account: null }
  const overrides = { callsPerMinute: ratePerMinute, creditsPerMonth, creditResetDay }
  const plan = { name: `${tier} tier`, allowance: resolveAllowance(PARSE_TIERS[tier], overrides) }
  return { upstream, account: { key, baseUrl, plan, retries: PARSE_RETRIES, wireMs: CALL_BUDGET.parse.wireMs } }
}

function createOpen1688Source(config: Config, proxies: Proxies): Source {
  const { open1688BaseUrl: baseUrl, open1688AppKey: key, open1688AppSecret, dataDir } = config
  const upstream = createOpen1688({
    appKey: key ?? null,
    appSecret: open1688AppSecret ?? null,
    accessToken: config.open1688AccessToken ?? null,
    refreshToken: config.open1688RefreshToken ?? null,
    tokenFile: path.join(dataDir, 'open1688-tokens.db'),
    baseUrl,
    clock: systemClock,
    proxies,
  })
  if (key === undefined || open1688AppSecret === undefined) return { upstream, account: null }
  const plan = { name: 'application', allowance: OPEN1688_ALLOWANCE }
  return { upstream, account: { key, baseUrl, plan, retries: OPEN1688_RETRIES, wireMs: CALL_BUDGET.open1688.wireMs } }
}

function createTmapiSource({ tmapiBaseUrl: baseUrl, tmapiToken: key }: Config, proxies: Proxies): Source {
  const upstream = createTmapi({ token: key ?? null, baseUrl, clock: systemClock, proxies })
  const plan = { name: 'token', allowance: TMAPI_ALLOWANCE }
  return {
    upstream,
    account:
      key === undefined ? null : { key, baseUrl, plan, retries: TMAPI_RETRIES, wireMs: CALL_BUDGET.tmapi.wireMs },
  }
}
