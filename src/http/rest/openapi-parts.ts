/** What all paths of the OpenAPI document are made of. */
import * as z from 'zod'

export const errorSchema = z.object({
  error: z.object({ status: z.string(), message: z.string(), hint: z.string(), retry_after: z.number().optional() }),
  status_code: z.int(),
})

export function schemaOf(schema: z.core.$ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}

export function json(schema: unknown) {
  return { 'application/json': { schema } }
}

/** What every successful answer looks like. */
export function envelopeOf(data: z.core.$ZodType): z.core.$ZodType {
  return z.object({ status: z.enum(['success']), data })
}

/** By status, with what went wrong. */
export function failuresOf(texts: Readonly<Record<string, string>>) {
  const content = json({ $ref: '#/components/schemas/Error' })
  return Object.fromEntries(Object.entries(texts).map(([status, description]) => [status, { description, content }]))
}
