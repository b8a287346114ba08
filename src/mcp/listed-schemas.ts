/**
 * The JSON schemas of the tools as hosts see them. They never change, so the build makes them once and puts the result in this module's place: no
 * start pays for them (scripts/build.mjs).
 */
import * as z from 'zod'
import { TOOLS } from '../tools/list.ts'

export type JsonSchema = Record<string, unknown>

/** What is listed of a tool. */
export interface ListedSchemas {
  input: JsonSchema
  /** Absent where only the product grid calls the tool: it knows what it gets, and hosts need not be told. */
  output?: JsonSchema
}

let made: Readonly<Record<string, ListedSchemas>> | undefined

/** The schemas of every tool, by its name. */
export function listedSchemas(): Readonly<Record<string, ListedSchemas>> {
  made ??= Object.fromEntries(
    TOOLS.map(({ name, input, output, grid }) => [
      name,
      { input: inputSchema(input), ...(grid === 'calls' ? {} : { output: outputSchema(output) }) },
    ]),
  )
  return made
}

function inputSchema(schema: z.ZodObject): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input' }))
}

/** Bounds of what we write ourselves help no reader, and a host that checks them would only lose a reply: fewer bytes in every conversation. */
function outputSchema(schema: z.ZodObject): JsonSchema {
  const loosen = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    for (const keyword of ['additionalProperties', 'minimum', 'maximum'] as const) delete jsonSchema[keyword]
  }
  return withoutDialect(z.toJSONSchema(schema, { io: 'output', override: loosen }))
}

/** The protocol's default dialect need not be named in every schema. */
function withoutDialect({ $schema, ...rest }: z.core.JSONSchema.BaseSchema): JsonSchema {
  return rest
}
