import { once } from 'node:events'
import { hasIndex } from '../../config.ts'
import { selectTools } from '../../tools/selection.ts'
import type { Command } from '../command.ts'

export const serveCommand: Command = {
  name: 'serve',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary: 'Serve MCP (POST /mcp) and REST over HTTP, for a team. mcp-1688 keys creates API keys.',
  flags: {},
  options: [
    ...['host', 'port', 'publicUrl', 'allowedHosts', 'allowedOrigins', 'trustProxy', 'connectionsPerAddress'],
    ...['oauthIssuer', 'oauthAudience', 'importMax', 'tools', 'store', 'dataDir'],
  ],
  isRemote: true,
  async run({ app, config, logger, signal, notify }) {
    const { serveOverHttp } = await import('../../http/serve.ts')
    const tools = selectTools(config.tools, hasIndex(config), true)
    // A configuration that cannot work should fail now, not at the first call.
    await app.services.getUsage()
    const service = await serveOverHttp({ ...app, config, tools, logger })
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    const access = (await service.isOpen()) ? 'open to this machine only' : 'API key required'
    notify(`Listening on http://${host}:${service.port} (${access}).`)
    if (!signal.aborted) await once(signal, 'abort')
    await service.close()
    return 0
  },
}
