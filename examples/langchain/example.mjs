// LangChain: an agent with the tools of mcp-1688, through @langchain/mcp-adapters.
//   npm ci && OPENAI_API_KEY=… node example.mjs "Find this mug: /path/to/photo.jpg"
import path from 'node:path'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent } from 'langchain'

const client = new MultiServerMCPClient({
  mcpServers: {
    'mcp-1688': {
      transport: 'stdio',
      command: 'node',
      args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
      env: process.env,
    },
  },
})
try {
  const agent = createAgent({
    model: new ChatOpenAI({ model: process.env.MODEL ?? 'gpt-5' }),
    tools: await client.getTools(),
    systemPrompt: 'Find products on 1688.com. Say which offers match the photo, and what they cost.',
  })
  const content = process.argv[2] ?? 'What can you search?'
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content }] }, { recursionLimit: 60 })
  console.log(messages.at(-1)?.content)
} finally {
  await client.close()
}
