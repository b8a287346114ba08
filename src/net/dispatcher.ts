/** How requests leave: directly or by the proxies of the environment, and what fails before the connection is up is marked so. */
import type { Agent, buildConnector, Dispatcher, Pool } from 'undici'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { markNotConnected } from './faults.ts'
import type { Proxies } from './proxies.ts'

export interface DispatcherOptions extends Omit<Agent.Options, 'connect' | 'factory'> {
  /** Opens sockets to servers that are reached directly. */
  connect: buildConnector.connector
  proxies: Proxies
  /** Asked before a proxy is: an error refuses the host. */
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
    // Never null: undici would read the environment by itself.
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
    // A proxy that takes the connection but says nothing must not hold a call for undici's five minutes.
    clientFactory: proxy =>
      new Pool(proxy, { connect: markNotConnected(buildConnector({ timeout }), 'proxy'), headersTimeout: 2 * timeout }),
  })
}
