/** The bare server that `serve` is compared with: the SDK's own HTTP handler with one tool that echoes its input. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'echo', version: '1.0.0' })
  const config = { description: 'Echoes its input', inputSchema: z.object({ text: z.string() }) }
  server.registerTool('echo', config, ({ text }) => ({ content: [{ type: 'text', text }] }))
  return server
})

const serve = toNodeHandler(handler)
const server = createServer((request, response) => {
  const { method = 'GET', url = '/' } = request
  void serve(Object.assign(request, { method, url }), response)
})
server.listen(0, '127.0.0.1', () => {
  const address: AddressInfo | string | null = server.address()
  if (address !== null && typeof address !== 'string')
    process.stderr.write(`Listening on http://127.0.0.1:${address.port} (echo).\n`)
})
