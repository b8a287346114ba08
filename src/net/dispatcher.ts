/** Sends requests directly or through the environment's proxies, and marks failures that occur before a connection. */
import type { Agent, buildConnector, Dispatcher, Pool } from 'undici'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { markNotConnected } from './faults.ts'
import type { Proxies } from './proxies.ts'

export interface DispatcherOptions extends Omit<Agent.Options, 'connect' | 'factory'> {
  /** For servers that are reached directly. */
  connect: buildConnector.connector
  proxies: Proxies
  /** Called before a request goes to a proxy; an error refuses the host. */
  beforeProxy?: (hostname: string, callback: (refusal: Error | null) => void) => void
}

export async function createDispatcher({
  connect: direct,
  proxies,
  beforeProxy = (_hostname, callback) => callback(null),
  ...options
}: DispatcherOptions): Promise<Dispatcher> {
  const { Agent, buildConnector, EnvHttpProxyAgent, Pool } = await import('./undici.ts')
  if (proxies.https === null && proxies.http === null) {
    return new Agent({ ...options, connect: markNotConnected(direct) })
  }
  const guarded =
    (tunnel: buildConnector.connector): buildConnector.connector =>
    (target, callback) =>
      beforeProxy(target.hostname, refusal => (refusal === null ? tunnel(target, callback) : callback(refusal, null)))
  const timeout = CALL_BUDGET.connecting.wireMs
  return new EnvHttpProxyAgent({
    ...options,
    connect: direct,
    // Never null: undici would then read the environment.
    httpProxy: proxies.http ?? '',
    httpsProxy: proxies.https ?? '',
    noProxy: proxies.exempt,
    factory: (origin, poolOptions: Pool.Options) => {
      const connect = typeof poolOptions.connect === 'function' ? poolOptions.connect : direct
      return new Pool(origin, {
        ...poolOptions,
        connect: markNotConnected(connect === direct ? direct : guarded(connect)),
      })
    },
    // A proxy that accepts the connection but stays silent must not hold a call for undici's five minutes.
    clientFactory: proxy =>
      new Pool(proxy, { connect: markNotConnected(buildConnector({ timeout }), 'proxy'), headersTimeout: 2 * timeout }),
  })
}
