import { connectOverHttp, WIRES } from '../support/clients.ts'
import { startServe } from '../support/serve-process.ts'
import { describeTools } from './cases.ts'
import { describeResources } from './resource-cases.ts'

for (const wire of WIRES) {
  const connect = async (dataDir: string, allow: string) => {
    const server = await startServe(dataDir, { MCP1688_IMAGE_ALLOW: allow })
    const client = await connectOverHttp(wire, `${server.url}/mcp`)
    const close = async () => {
      await client.close()
      await server.close()
    }
    return { ...client, close }
  }
  describeTools(`HTTP, ${wire}`, connect, { readsFiles: false, hidesClient: wire !== 'v2 client, 2026 wire' })
  describeResources(`HTTP, ${wire}`, connect, wire)
}
