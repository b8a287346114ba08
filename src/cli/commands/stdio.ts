import { DEFAULT_TOOLS, hasIndex } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { StdioDeps } from '../../mcp/stdio.ts'
import type { ListedTool } from '../../tools/define.ts'
import { errorText } from '../../tools/reply.ts'
import { selectTools } from '../../tools/selection.ts'
import { mapUseCases } from '../../use-cases/use-cases.ts'
import { version } from '../../version.ts'
import type { Command, CommandContext } from '../command.ts'

/** From a signal to the end of the process at the latest. */
const EXIT_MS = 1_500

const WAITING = 'Waiting for an MCP client on stdin. mcp-1688 --help lists the other commands.'

/** For a person who starts the program before it is set up. */
const GREETING = [
  'mcp-1688 finds products on 1688.com from a photo. Nothing is set up yet, so it knows sample offers only.',
  'Try it: mcp-1688 search photo.jpg. Add it to your AI app: mcp-1688 setup. Check a key: mcp-1688 doctor.',
  `${WAITING} Ctrl-C ends it.`,
].join('\n')

export const stdioCommand: Command = {
  name: 'stdio',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary: 'Serve MCP over stdin and stdout, as hosts start it (the default).',
  flags: {},
  async run({ app, config, logger, signal, notify }) {
    if (process.stdin.isTTY) notify(config.isSampleStandIn ? GREETING : WAITING)
    let tools: ListedTool[]
    try {
      tools = selectTools(config.tools, hasIndex(config))
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      notify(`error: ${errorText(thrown)}`)
      return serveRefusals(thrown, { logger, signal })
    }
    const { services, readPage, stopDecoding } = app
    const { fileParams } = config
    return serve({ version, tools, services, logger, readPage, stopDecoding, fileParams }, signal)
  },
  runUnconfigured: serveRefusals,
}

/** The host shows only that the connection closed, so the reason is given in every answer instead. */
async function serveRefusals(error: AppError, { logger, signal }: Pick<CommandContext, 'logger' | 'signal'>) {
  const refuse = () => Promise.reject(error)
  const refusing = {
    tools: selectTools([DEFAULT_TOOLS], false),
    services: mapUseCases(() => refuse),
    readPage: refuse,
    stopDecoding: async () => undefined,
  }
  return serve({ version, ...refusing, logger, problem: `${error.message} ${error.hint}` }, signal)
}

async function serve(deps: StdioDeps, signal: AbortSignal): Promise<number> {
  const { serveOverStdio } = await import('../../mcp/stdio.ts')
  signal.addEventListener('abort', () => {
    // Nothing that a host waits for takes longer; SIGKILL, because an exit waits for native work such as DNS.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), EXIT_MS).unref()
  })
  await serveOverStdio(deps, signal)
  return 0
}
