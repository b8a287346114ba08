/** The MCP server of one request: its use cases are its caller's, who is charged for them. */
import type { ReadPage } from '../../mcp/pages.ts'
import { createMcpServer } from '../../mcp/server.ts'
import type { FileParams } from '../../mcp/tool-list.ts'
import type { Services } from '../../use-cases/use-cases.ts'
import { version } from '../../version.ts'
import { chargeServices } from '../access/payer.ts'
import type { Metrics } from '../server/metrics.ts'
import { REFUSED_MS } from '../server/work.ts'
import type { McpRouteOptions } from './route.ts'

export interface ServerOfDeps {
  servicesOf: (owner: string) => Services
  readPage: ReadPage
  publicUrl: string | undefined
  fileParams: FileParams
  metrics: Metrics
}

export function createServerOf(deps: ServerOfDeps): McpRouteOptions['createServer'] {
  const { servicesOf, readPage, publicUrl, fileParams, metrics } = deps
  return ({ caller, logger, work }, tools, onlyTool) =>
    createMcpServer({
      version,
      tools,
      services: chargeServices(caller, servicesOf(caller.owner)).services,
      logger,
      readPage,
      publicUrl,
      fileParams,
      onlyTool,
      runCall: async (tool, run) => {
        const reply = await metrics.call(tool, caller.tier, run)
        // Finding out what is wrong with arguments, and saying it, takes longer than many a call.
        if (reply.error?.code === 'invalid_input') work.spend(REFUSED_MS)
        return reply
      },
    })
}
