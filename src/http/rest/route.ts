/** Answers REST: an endpoint's query in, the seed's envelope out. */
import type { Tool } from '../../tools/define.ts'
import { runTool } from '../../tools/run.ts'
import type { Services } from '../../use-cases/use-cases.ts'
import { standingOf } from '../access/caller.ts'
import { chargeServices } from '../access/payer.ts'
import { refusalOf } from '../access/refusal.ts'
import { type Exchange, sendJson } from '../server/exchange.ts'
import type { Metrics } from '../server/metrics.ts'
import { receiptHeaders } from './rate-headers.ts'

export interface RestRouteDeps {
  endpoint: Tool
  services: Services
  metrics: Metrics
  /** Milliseconds since 1970. */
  now: () => number
}

/** Makes the route of one endpoint. It throws HttpRefusal for a call that failed. */
export function createRestRoute({ endpoint, services, metrics, now }: RestRouteDeps) {
  return async ({ request, response, caller, logger, signal }: Exchange): Promise<void> => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams)
    const own = chargeServices(caller, services)
    const reply = await metrics.call(endpoint.name, caller.tier, () =>
      runTool(endpoint, query, { services: own.services, signal }, logger),
    )
    if (reply.error) {
      const standing = await standingOf(caller)
      const credits = { spent: reply.error.creditsSpent, remaining: standing?.usage.creditsLeft ?? null }
      throw refusalOf(reply.error, receiptHeaders({ credits, standing }, now()))
    }
    const receipt = own.receipt()
    const headers = receipt === null ? {} : receiptHeaders(receipt, now())
    sendJson(response, 200, { status: 'success', data: reply.structured }, headers)
  }
}
