/** What a tool is: its name, its words, its schemas and one handler. It only types; see run.ts for what happens in a call. */
import type * as z from 'zod'
import type { Services } from '../use-cases/use-cases.ts'
import type { Reply } from './reply.ts'

/** What a call brings along besides its arguments. */
export interface ToolContext {
  services: Services
  /** Aborts when the caller goes away or the call's deadline has passed; it goes down to every socket. */
  signal: AbortSignal
  /** Asks the upstream although a fresh answer is kept. */
  refresh?: boolean
  /** Whether the process ends with this call: then nobody cuts it off, and it takes the time that it needs. Default false. */
  endsProcess?: boolean
  /** Tells the caller how far the call is; absent where nobody asked. */
  onProgress?: ((progress: Progress) => void) | undefined
}

export interface Progress {
  done: number
  total?: number
  /** Our own words. */
  message: string
}

/** What a tool does to the world; the annotations that hosts read are made from it in one place. */
export type ToolEffect = 'reads' | 'fills_catalogue'

/** A schema whose fields are known to be schemas; zod's own default is of any. */
export type ToolSchema = z.ZodObject<z.ZodRawShape>

/** A tool as an agent sees it. */
export interface Tool<Input extends ToolSchema = ToolSchema, Output extends ToolSchema = ToolSchema> {
  /** snake_case, 64 characters at most. */
  name: string
  title: string
  /** What it does and when to use it; 2,048 characters at most, the first sentence says the most. */
  description: string
  effect: ToolEffect
  /** How the product grid takes part: it shows the tool's replies, or it alone calls the tool. */
  grid?: 'shows' | 'calls'
  input: Input
  output: Output
  /** Calls one service and one shaper. Throws AppError for what the caller can be told. */
  handle(input: z.output<Input>, context: ToolContext): Promise<Reply>
}

/** Types a tool. */
export function defineTool<Input extends ToolSchema, Output extends ToolSchema>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool
}

/** The annotations of the protocol for an effect. Every tool reads third-party data of an open world. */
export function annotationsOf(effect: ToolEffect) {
  return { readOnlyHint: effect === 'reads', destructiveHint: false, idempotentHint: true, openWorldHint: true }
}
