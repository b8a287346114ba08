import { expect, it } from 'vitest'
import { connectOverStdio, WIRES } from '../support/clients.ts'
import { makeTempDir, serverCommand } from '../support/program.ts'
import { describeTools } from './cases.ts'
import { describeResources } from './resource-cases.ts'

for (const wire of WIRES) {
  const connect = (dataDir: string, allow: string) =>
    connectOverStdio(wire, serverCommand(dataDir, { MCP1688_IMAGE_ALLOW: allow }))
  describeTools(`stdio, ${wire}`, connect, { readsFiles: true, hidesClient: false })
  describeResources(`stdio, ${wire}`, connect, wire)
}

it('a data: URL of the largest picture does not end the connection', async () => {
  const dir = makeTempDir()
  const client = await connectOverStdio('v2 client, 2026 wire', serverCommand(dir.path))
  // 10 MB as base64 that is not a picture.
  const reply = await client.call('search_by_image', { image_url: `data:image/png;base64,${'A'.repeat(13_333_332)}` })
  expect(reply.text).toContain('unknown kind')
  expect((await client.call('get_usage')).isError).toBe(false)
  await client.close()
  dir.remove()
})
