/** Owns running a tool from the terminal: the same parsing, deadline and replies as for an agent. */
import { ERROR_CODES } from '../errors.ts'
import type { Tool } from '../tools/define.ts'
import { runTool } from '../tools/run.ts'
import type { CommandContext } from './command.ts'

/** Runs `tool` and prints its reply, as JSON where `--json` was given. Resolves to the exit code. */
export async function runAsCommand(
  tool: Tool,
  context: CommandContext,
  input: Record<string, unknown>,
): Promise<number> {
  const { app, logger, signal, flags } = context
  const call = { services: app.services, signal, refresh: flags.fresh !== undefined }
  const reply = await runTool(tool, input, call, logger)
  if (reply.error) {
    context.tell(`error: ${reply.text}`)
    return ERROR_CODES[reply.error.code].exitCode
  }
  context.print(flags.json === undefined ? reply.text : JSON.stringify(reply.structured, null, 2))
  return 0
}
