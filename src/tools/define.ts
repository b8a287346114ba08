/** The type of a tool. What happens in a call is in run.ts. */
import type * as z from 'zod'
import type { Services } from '../use-cases/use-cases.ts'
import type { Reply } from './reply.ts'

export interface ToolContext {
  services: Services
  /** Aborts when the caller goes away or the call's deadline passes; it reaches down to every socket. */
  signal: AbortSignal
  /** Asks the upstream even if a fresh answer is cached. */
  refresh?: boolean
  /** Whether the process ends with this call, which then has no deadline. Default false. */
  endsProcess?: boolean
  onProgress?: ((progress: Progress) => void) | undefined
  /** What the client has declared. Default: nothing. */
  client?: ClientAbilities
  /** In the second round of a call that asked the person to open an address. */
  answer?: Answer | undefined
}

export interface ClientAbilities {
  /** Whether it shows pages of MCP Apps. */
  showsPages: boolean
  /** Whether it has said what it can do, and pages are not part of it. */
  lacksPages: boolean
  /** Whether it asks the person to open an address, and says what they answered. */
  opensAddresses: boolean
}

export interface Answer {
  isAccepted: boolean
  /** From {@link Question.state}, by way of the client: it may be anything. */
  state: string
}

/** Asks the person to open an address; then the call is made once more. */
export interface Question {
  address: string
  message: string
  /** Comes back with the answer. */
  state: string
}

export interface Progress {
  done: number
  total?: number
  /** Never listing text. */
  message: string
}

/** The annotations that hosts read are made from this in one place, {@link annotationsOf}. */
export type ToolEffect = 'reads' | 'fills_catalogue' | 'opens_page' | 'makes_file' | 'edits_list' | 'imports' | 'spends'

/** The product grid, and the photo picker, which shows what it finds as the grid does. */
export type PageName = 'grid' | 'picker'

/** zod's default type parameter contains `any`. */
export type ToolSchema = z.ZodObject<z.ZodRawShape>

/** What is known of a tool before it is called. */
export interface ToolListing {
  /** snake_case, at most 64 characters. */
  name: string
  title: string
  /** What it does and when to use it, most important first; at most 2,048 characters. */
  description: string
  effect: ToolEffect
  /** The page of MCP Apps that shows the replies. */
  page?: PageName
  /** Only these pages call the tool, no agent does. */
  calledBy?: readonly PageName[]
  /** Whether it reads files of this computer: over HTTP, it is not offered. */
  isLocal?: true
  /** How many pictures a call may contain as data: URLs; over HTTP, only such calls may be large. Default 0. */
  pictures?: number
}

/** Loaded at its first call. */
export interface ListedTool extends ToolListing {
  load(): Promise<Tool>
}

export interface Tool<Input extends ToolSchema = ToolSchema, Output extends ToolSchema = ToolSchema>
  extends ToolListing {
  input: Input
  output: Output
  /** Calls one use case and one shaper. @throws AppError for every expected failure. */
  handle(input: z.output<Input>, context: ToolContext): Promise<Reply>
}

export function defineTool<Input extends ToolSchema, Output extends ToolSchema>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool
}

/** Every tool but one that edits the caller's own list reads third-party data, hence the open world. */
export function annotationsOf(effect: ToolEffect) {
  const isList = effect === 'edits_list'
  // Removing from a list, or replacing what was imported before, loses what was there.
  const destructiveHint = isList || effect === 'imports'
  const common = { readOnlyHint: effect === 'reads', destructiveHint, openWorldHint: !isList }
  // It means something only where a tool writes.
  return effect === 'reads' ? common : { ...common, idempotentHint: destructiveHint || effect === 'fills_catalogue' }
}
