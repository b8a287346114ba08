import type { Tool } from '../../tools/define.ts'
import { runTool } from '../../tools/run.ts'
import type { Services } from '../../use-cases/use-cases.ts'
import { balanceOf } from '../access/caller.ts'
import { toHttpError } from '../access/http-error.ts'
import { chargeServices } from '../access/payer.ts'
import { type Exchange, sendJson } from '../server/exchange.ts'
import type { Metrics } from '../server/metrics.ts'
import { costHeaders } from './rate-headers.ts'

export interface RestRouteDeps {
  endpoint: Tool
  servicesOf: (owner: string) => Services
  metrics: Metrics
  /** Milliseconds since 1970. */
  now: () => number
}

/** Answers in the envelope of the API on Parse. The route throws HttpError for a failed call. */
export function createRestRoute({ endpoint, servicesOf, metrics, now }: RestRouteDeps) {
  return async ({ request, response, caller, logger, signal }: Exchange): Promise<void> => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams)
    const own = chargeServices(caller, servicesOf(caller.owner))
    const reply = await metrics.call(endpoint.name, caller.tier, () =>
      runTool(endpoint, query, { services: own.services, signal }, logger),
    )
    if (reply.error) {
      const balance = await balanceOf(caller)
      const credits = { spent: reply.error.creditsSpent, remaining: balance?.usage.creditsLeft ?? null }
      throw toHttpError(reply.error, costHeaders({ credits, balance }, now()))
    }
    const cost = own.lastCost()
    const headers = cost === null ? {} : costHeaders(cost, now())
    sendJson(response, 200, { status: 'success', data: reply.structured }, headers)
  }
}
