/** The OpenAPI document, generated from the schemas that check requests and responses. */
import * as z from 'zod'
import type { Tool } from '../../tools/define.ts'
import { version } from '../../version.ts'
import { REST_ENDPOINTS } from './endpoints.ts'

const FAILURES: Readonly<Record<string, string>> = {
  400: 'The query is invalid.',
  401: 'The API key is missing, wrong, expired or revoked.',
  402: 'No credits left; Retry-After says when more become available.',
  422: 'The picture cannot be used, or the offer does not exist.',
  429: 'Rate limit exceeded; Retry-After says when to try again.',
  502: 'The upstream sent an unusable response or rejected the key of this server.',
  503: 'The upstream or the store is unavailable.',
  504: 'The call exceeded its deadline.',
}

const errorSchema = z.object({
  error: z.object({ status: z.string(), message: z.string(), hint: z.string(), retry_after: z.number().optional() }),
  status_code: z.int(),
})

const ANSWER_HEADERS = {
  'X-Credits-Charged': 'Credits that this call cost; 0 for a cached answer.',
  'X-Credits-Remaining': 'Credits left.',
  'RateLimit-Policy': 'The limits of the key.',
  RateLimit: 'What is left of these limits.',
}

export function openApiDocument(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'mcp-1688',
      version,
      description: 'Finds products on 1688.com from a photo. The same server speaks MCP at POST /mcp.',
    },
    paths: Object.fromEntries(REST_ENDPOINTS.map(endpoint => [`/${endpoint.name}`, { get: operationOf(endpoint) }])),
    security: [{ apiKey: [] }, { bearer: [] }],
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Error: schemaOf(errorSchema) },
    },
  }
}

function operationOf({ name, title, description, input, output }: Tool) {
  const envelope = z.object({ status: z.enum(['success']), data: output })
  const failures = Object.entries(FAILURES).map(([status, text]) => [status, failure(text)] as const)
  return {
    operationId: name,
    summary: title,
    description,
    parameters: Object.entries(input.shape).map(([parameter, schema]) => {
      const { description: meaning, ...rest } = schemaOf(schema)
      const required = !z.safeParse(schema, undefined).success
      return { name: parameter, in: 'query', required, description: meaning, schema: rest }
    }),
    responses: {
      200: { description: 'Success.', headers: answerHeaders(), content: json(schemaOf(envelope)) },
      ...Object.fromEntries(failures),
    },
  }
}

function failure(description: string) {
  return { description, content: json({ $ref: '#/components/schemas/Error' }) }
}

function answerHeaders() {
  const entries = Object.entries(ANSWER_HEADERS)
  return Object.fromEntries(entries.map(([name, description]) => [name, { description, schema: { type: 'string' } }]))
}

function json(schema: unknown) {
  return { 'application/json': { schema } }
}

function schemaOf(schema: z.core.$ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
