// OpenAI Agents SDK: an agent with the tools of mcp-1688.
//   npm ci && OPENAI_API_KEY=… node example.mjs "Find this mug: /path/to/photo.jpg"
import path from 'node:path'
import { Agent, MCPServerStdio, run, setTracingDisabled } from '@openai/agents'

setTracingDisabled(true)
const server = new MCPServerStdio({
  name: 'mcp-1688',
  command: 'node',
  args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
  env: process.env,
})
await server.connect()
try {
  const agent = new Agent({
    name: 'Buyer',
    model: process.env.MODEL ?? 'gpt-5',
    instructions: 'Find products on 1688.com. Say which offers match the photo, and what they cost.',
    mcpServers: [server],
    // Schemas become strict: every argument is required, and null leaves it out.
    mcpConfig: { convertSchemasToStrict: true },
  })
  const result = await run(agent, process.argv[2] ?? 'What can you search?', { maxTurns: 30 })
  console.log(result.finalOutput)
} finally {
  await server.close()
}
