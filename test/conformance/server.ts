/** The product's HTTP server with the referee's fixtures behind it. */
import { McpServer } from '@modelcontextprotocol/server'
import { startService, type TestService } from '../http/service.ts'
import { addPrompts, addResources } from './fixtures/resources.ts'
import { addRounds, STATE } from './fixtures/rounds.ts'
import { addTools } from './fixtures/tools.ts'

export function startFixtureServer(): Promise<TestService> {
  return startService({ createServer: createFixtures })
}

function createFixtures(): McpServer {
  const server = new McpServer(
    { name: 'mcp-1688-fixtures', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { listChanged: false, subscribe: true },
        completions: {},
        logging: {},
      },
      requestState: { verify: STATE.verify },
    },
  )
  addTools(server)
  addResources(server)
  addPrompts(server)
  addRounds(server)
  return server
}
