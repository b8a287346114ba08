// The MCP SDK, version 1: the tools of mcp-1688 from a script.
//   npm ci && node sdk-v1.mjs search_by_image '{"image_url":"/path/to/photo.jpg"}' [TOOL ARGUMENTS …]
import path from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const client = new Client({ name: 'sdk-v1', version: '1.0.0' })
await client.connect(
  new StdioClientTransport({
    command: 'node',
    args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
    env: process.env,
  }),
)
// Enter cancels the call in progress.
let call
process.stdin.on('data', () => call?.abort())
try {
  const [, , ...words] = process.argv
  for (let index = 0; index < words.length; index += 2) {
    call = new AbortController()
    const request = { name: words[index], arguments: JSON.parse(words[index + 1]) }
    const result = await client.callTool(request, undefined, { signal: call.signal }).catch(error => {
      if (!call.signal.aborted) throw error
      return { content: 'cancelled' }
    })
    // One line for each call.
    console.log(JSON.stringify(result.content))
  }
} finally {
  process.stdin.destroy()
  await client.close()
}
