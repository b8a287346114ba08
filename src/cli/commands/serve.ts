import { once } from 'node:events'
import { hasIndex } from '../../config.ts'
import { longRevoked } from '../../keys/long-revoked.ts'
import { selectTools } from '../../tools/selection.ts'
import type { Command, CommandContext } from '../command.ts'

const DAY_MS = 86_400_000

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
  async run(context) {
    const { app, config, logger, signal, notify } = context
    const { serveOverHttp } = await import('../../http/serve.ts')
    const tools = selectTools(config.tools, hasIndex(config), true)
    // A configuration that cannot work should fail now, not at the first call.
    await app.services.getUsage()
    const { servicesOf, readPage, uploadPage, exportPage, lentPage, gauges, signPictures, picturePage } = app
    const service = await serveOverHttp({
      config,
      tools,
      servicesOf,
      logger,
      readPage,
      uploadPage,
      exportPage,
      lentPage,
      signPictures,
      picturePage,
      gauges,
    })
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    notify(
      `Listening on http://${host}:${service.port} (${service.isOpen ? 'open to this machine only' : 'API key required'}).`,
    )
    const cleaning = forgetDaily(context)
    if (!signal.aborted) await once(signal, 'abort')
    clearInterval(cleaning)
    await service.close()
    return 0
  },
}

/** Deletes what revoked keys have stored, once they have been revoked for long. */
function forgetDaily({ app, config, logger }: CommandContext): NodeJS.Timeout {
  const forget = async () => {
    const { openKeys } = await import('../../keys/open-keys.ts')
    const { keys, close } = openKeys({ ...config, logger })
    try {
      for (const owner of longRevoked(await keys.list(), Date.now())) await app.forgetAccount(owner)
    } finally {
      await close()
    }
  }
  const attempt = () => void forget().catch(cause => logger.warn('what revoked keys have stored was kept', { cause }))
  attempt()
  return setInterval(attempt, DAY_MS).unref()
}
