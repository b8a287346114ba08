// Mastra: an agent with the tools of mcp-1688, through @mastra/mcp.
//   npm ci && OPENAI_API_KEY=… node example.mjs "Find this mug: /path/to/photo.jpg"
import path from 'node:path'
import { Agent } from '@mastra/core/agent'
import { MCPClient } from '@mastra/mcp'

const client = new MCPClient({
  servers: {
    'mcp-1688': {
      command: 'node',
      args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
      env: process.env,
    },
  },
})
try {
  const agent = new Agent({
    id: 'buyer',
    name: 'Buyer',
    instructions: 'Find products on 1688.com. Say which offers match the photo, and what they cost.',
    model: {
      id: `openai/${process.env.MODEL ?? 'gpt-5'}`,
      url: process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
      apiKey: process.env.OPENAI_API_KEY,
    },
    tools: await client.listTools(),
  })
  const { text } = await agent.generate(process.argv[2] ?? 'What can you search?', { maxSteps: 30 })
  console.log(text)
} finally {
  await client.disconnect()
}
