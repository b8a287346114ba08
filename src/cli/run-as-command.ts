import { type Page, pageText } from '../shape/text/page.ts'
import type { Tool } from '../tools/define.ts'
import { runTool } from '../tools/run.ts'
import type { CommandContext } from './command.ts'
import { terminalOf } from './terminal/terminal.ts'

/** A reply as a terminal shows it; offer IDs best first. */
export interface TerminalReply {
  page: Page
  offerIds: readonly string[]
}

/**
 * Runs a tool as for an agent and prints its reply, as JSON with `--json`. Resolves to the exit code.
 * @param terminalReplyOf default: the text that an agent reads, aligned if a terminal shows it.
 * @throws AppError the tool's failure; a bug is already logged.
 */
export async function runAsCommand(
  tool: Tool,
  context: CommandContext,
  input: Record<string, unknown>,
  terminalReplyOf?: (structured: unknown) => TerminalReply,
): Promise<number> {
  const { app, signal, flags } = context
  // How calls went matters to a server's operator; here the reply itself says it.
  const logger = { ...context.logger, info: () => {}, warn: context.logger.debug }
  const call = { services: app.services, signal, refresh: flags.fresh !== undefined, endsProcess: true }
  const reply = await runTool(tool, input, call, logger)
  if (reply.error) throw reply.error
  if (flags.json !== undefined) context.print(JSON.stringify(reply.structured, null, 2))
  else if (terminalReplyOf && terminalOf(context.machine)) await printReply(context, terminalReplyOf(reply.structured))
  else await printText(context, reply.text)
  return 0
}

/** Prints the text of a reply, aligned if a terminal shows it. */
export async function printText({ machine, print }: CommandContext, text: string): Promise<void> {
  const terminal = terminalOf(machine)
  if (!terminal) return print(text)
  const { factsText } = await import('./terminal/facts.ts')
  print(factsText(text, terminal.columns))
}

/** Prints a reply, followed by small pictures of the first offers where the terminal can draw them. */
export async function printReply(
  { app, machine, flags, signal, print }: CommandContext,
  { page, offerIds }: TerminalReply,
): Promise<void> {
  const terminal = terminalOf(machine)
  if (!terminal) return print(pageText(page))
  const { terminalPage } = await import('./terminal/page.ts')
  print(terminalPage(page, terminal))
  if (terminal.pictures === null || flags['no-pictures'] !== undefined || offerIds.length === 0) return
  const { drawPictures, picturesThatFit } = await import('./terminal/pictures.ts')
  const first = offerIds.slice(0, picturesThatFit(terminal.columns))
  const pictures = await app.services.getPreviews({ offerIds: first, mediaType: 'image/png' }, { signal })
  if (pictures.length > 0) print(drawPictures(pictures, terminal.pictures))
}
