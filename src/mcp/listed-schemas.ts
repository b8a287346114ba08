/**
 * The JSON schemas of the tools as hosts see them. scripts/build.mjs replaces this module by its result, so that
 * starting the server is fast.
 */
import * as z from 'zod'
import { TOOLS } from '../tools/list.ts'

export type JsonSchema = Record<string, unknown>

export interface ListedSchemas {
  input: JsonSchema
  /** Absent if only a page calls the tool: the page knows the shape of its replies. */
  output?: JsonSchema
}

let schemas: Readonly<Record<string, ListedSchemas>> | undefined

/** By the name of the tool. */
export function listedSchemas(): Readonly<Record<string, ListedSchemas>> {
  schemas ??= Object.fromEntries(
    TOOLS.map(({ name, input, output, calledBy }) => [
      name,
      { input: inputSchema(input), ...(calledBy ? {} : { output: outputSchema(output) }) },
    ]),
  )
  return schemas
}

function inputSchema(schema: z.ZodObject): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input', override: withoutIdleBounds }))
}

/** A higher bound only keeps out nonsense. */
const MAX_LISTED_MAXIMUM = 10_000

/**
 * Leaves out bounds and defaults that nobody would guess otherwise, for their bytes; the tool checks them in any case.
 * The grammars of llama.cpp and LM Studio refuse every request with a `maxLength` of 2,000 or more.
 */
function withoutIdleBounds({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  delete jsonSchema.minLength
  delete jsonSchema.maxLength
  if ((jsonSchema.maximum ?? 0) > MAX_LISTED_MAXIMUM) delete jsonSchema.maximum
  if ((jsonSchema.minimum ?? 2) <= 1) delete jsonSchema.minimum
  // Of several words the first, and no for a question.
  if (jsonSchema.default === false || typeof jsonSchema.default === 'string') delete jsonSchema.default
}

/** Sentences for a reader, of no use to a program. */
const PROSE: ReadonlySet<string> = new Set(['note', 'next'])

/**
 * Names and types of the first level only: every conversation pays for the rest, and a host that enforced it could only
 * lose a reply. docs/agents.md says what the fields hold.
 */
function outputSchema(schema: z.ZodObject): JsonSchema {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output' })
  const listed = Object.entries(properties).filter(([name]) => !PROSE.has(name))
  const types = listed.map(([name, property]) => [name, { type: typeOf(property) }] as const)
  return { type: 'object', properties: Object.fromEntries(types) }
}

function typeOf(property: z.core.JSONSchema._JSONSchema): string {
  const type = typeof property === 'object' ? property.type : undefined
  if (typeof type !== 'string') throw new Error('a field of a reply has several types')
  return type
}

/** Every schema has the protocol's default dialect. */
function withoutDialect({ $schema, ...rest }: z.core.JSONSchema.BaseSchema): JsonSchema {
  return rest
}
