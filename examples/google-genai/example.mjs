// Google Gen AI SDK: Gemini with the tools of mcp-1688, through mcpToTool.
//   npm ci && GEMINI_API_KEY=… node example.mjs "Find this mug: /path/to/photo.jpg"
import path from 'node:path'
import { GoogleGenAI, mcpToTool } from '@google/genai'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const client = new Client({ name: 'google-genai', version: '1.0.0' })
await client.connect(
  new StdioClientTransport({
    command: 'node',
    args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
    env: process.env,
  }),
)
try {
  const gemini = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY })
  const { text } = await gemini.models.generateContent({
    model: process.env.MODEL ?? 'gemini-3-flash',
    contents: process.argv[2] ?? 'What can you search?',
    config: {
      systemInstruction: 'Find products on 1688.com. Say which offers match the photo, and what they cost.',
      tools: [mcpToTool(client)],
      automaticFunctionCalling: { maximumRemoteCalls: 30 },
    },
  })
  console.log(text)
} finally {
  await client.close()
}
