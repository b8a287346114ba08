// supergateway: mcp-1688 over stdio, put on HTTP. `mcp-1688 serve` does that itself, with keys, limits and pictures by address.
//   npm ci && PORT=8000 node supergateway.mjs search_by_image '{"image_url":"/path/to/photo.jpg"}' [TOOL ARGUMENTS …]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

const port = process.env.PORT ?? '8000'
const program = `node ${path.join(import.meta.dirname, '../../dist/mcp-1688.js')}`
const gateway = spawn('node', [
  path.join(import.meta.dirname, 'node_modules/.bin/supergateway'),
  ...['--stdio', program, '--outputTransport', 'streamableHttp', '--stateful', '--port', port],
])
let log = ''
while (!log.includes(`Listening on port ${port}`)) log += (await once(gateway.stdout, 'data'))[0]
const client = new Client({ name: 'supergateway', version: '1.0.0' })
// Enter cancels the call in progress.
let call
process.stdin.on('data', () => call?.abort())
try {
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)))
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
  await client.close()
} finally {
  process.stdin.destroy()
  gateway.kill()
}
