import { runTool } from '../../tools/run.ts'
import type { Services } from '../../use-cases/use-cases.ts'
import { balanceOf } from '../access/caller.ts'
import { toHttpError } from '../access/http-error.ts'
import { chargeServices } from '../access/payer.ts'
import { type Exchange, sendJson } from '../server/exchange.ts'
import type { Metrics } from '../server/metrics.ts'
import { REFUSED_MS } from '../server/work.ts'
import { readCall } from './body/arguments.ts'
import type { RestEndpoint } from './endpoints.ts'
import { costHeaders } from './rate-headers.ts'

export interface RestRouteDeps {
  endpoint: RestEndpoint
  servicesOf: (owner: string) => Services
  metrics: Metrics
  /** Milliseconds since 1970. */
  now: () => number
}

/** Answers in the envelope of the API on Parse. The route throws HttpError for a failed call. */
export function createRestRoute({ endpoint, servicesOf, metrics, now }: RestRouteDeps) {
  return async (exchange: Exchange): Promise<void> => {
    const { response, caller, logger, signal, work } = exchange
    const call = await readCall(exchange, endpoint)
    const own = chargeServices(caller, servicesOf(caller.owner))
    const reply = await metrics.call(endpoint.name, caller.tier, () =>
      runTool(call.endpoint, call.args, { services: own.services, signal }, logger),
    )
    if (reply.error) {
      // As over MCP.
      if (reply.error.code === 'invalid_input') work.spend(REFUSED_MS)
      const balance = await balanceOf(caller)
      const credits = { spent: reply.error.creditsSpent, remaining: balance?.usage.creditsLeft ?? null }
      throw toHttpError(reply.error, costHeaders({ credits, balance }, now()))
    }
    const cost = own.lastCost()
    const headers = cost === null ? {} : costHeaders(cost, now())
    sendJson(response, 200, { status: 'success', data: reply.structured }, headers)
  }
}
