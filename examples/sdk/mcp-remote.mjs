// mcp-remote: for hosts that start programs alone, the tools of a running `mcp-1688 serve`. A host's entry is the command below.
//   npm ci && node mcp-remote.mjs search_by_keyword '{"keyword":"保温杯"}' [TOOL ARGUMENTS …]
// With API keys: MCP1688_KEY=mk_… in the environment.
import path from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const url = process.env.MCP1688_URL ?? 'http://127.0.0.1:1688/mcp'
const key = process.env.MCP1688_KEY ? ['--header', `Authorization: Bearer ${process.env.MCP1688_KEY}`] : []
const client = new Client({ name: 'mcp-remote', version: '1.0.0' })
await client.connect(
  new StdioClientTransport({
    command: 'node',
    args: [path.join(import.meta.dirname, 'node_modules/.bin/mcp-remote'), url, '--transport', 'http-only', ...key],
    env: process.env,
    stderr: 'ignore',
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
    const result = await client.callTool(request, { signal: call.signal }).catch(error => {
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
