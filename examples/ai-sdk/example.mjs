// AI SDK: generateText with the tools of mcp-1688, through @ai-sdk/mcp.
//   npm ci && OPENAI_API_KEY=… node example.mjs "Find this mug: /path/to/photo.jpg"
import path from 'node:path'
import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, isStepCount } from 'ai'

const provider = createOpenAICompatible({
  name: 'openai',
  baseURL: process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
  apiKey: process.env.OPENAI_API_KEY,
})
const client = await createMCPClient({
  transport: new StdioTransport({
    command: 'node',
    args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
    env: process.env,
  }),
})
try {
  const { text } = await generateText({
    model: provider(process.env.MODEL ?? 'gpt-5'),
    system: 'Find products on 1688.com. Say which offers match the photo, and what they cost.',
    prompt: process.argv[2] ?? 'What can you search?',
    tools: await client.tools(),
    stopWhen: isStepCount(30),
  })
  console.log(text)
} finally {
  await client.close()
}
