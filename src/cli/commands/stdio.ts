import { hasIndex } from '../../config.ts'
import { selectTools } from '../../tools/selection.ts'
import { version } from '../../version.ts'
import type { Command } from '../command.ts'

export const stdioCommand: Command = {
  name: 'stdio',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary: 'Serve MCP over stdin and stdout, as hosts start it (the default).',
  flags: {},
  async run({ app, config, logger, signal, notify }) {
    const tools = selectTools(config.tools, hasIndex(config))
    const { serveOverStdio } = await import('../../mcp/stdio.ts')
    if (process.stdin.isTTY) notify('Waiting for an MCP client on stdin. mcp-1688 --help lists the other commands.')
    await serveOverStdio({ version, tools, services: app.services, logger, readGrid: app.readGrid }, signal)
    return 0
  },
}
