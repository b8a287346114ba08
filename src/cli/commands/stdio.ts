import { hasIndex } from '../../config.ts'
import { selectTools } from '../../tools/selection.ts'
import { version } from '../../version.ts'
import type { Command } from '../command.ts'

/** From a signal to the end of the process at the latest. */
const EXIT_MS = 1_500

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
    signal.addEventListener('abort', () => {
      // Nothing that a host waits for takes longer; SIGKILL, because an exit waits for native work such as DNS.
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), EXIT_MS).unref()
    })
    const { services, readPage, stopDecoding } = app
    await serveOverStdio({ version, tools, services, logger, readPage, stopDecoding }, signal)
    return 0
  },
}
