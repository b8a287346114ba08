import { connectOverStdio, WIRES } from '../support/clients.ts'
import { serverCommand } from '../support/program.ts'
import { describeTools } from './cases.ts'
import { describeResources } from './resource-cases.ts'

for (const wire of WIRES) {
  const connect = (dataDir: string, allow: string) =>
    connectOverStdio(wire, serverCommand(dataDir, { MCP1688_IMAGE_ALLOW: allow }))
  describeTools(`stdio, ${wire}`, connect, true)
  describeResources(`stdio, ${wire}`, connect, wire)
}
