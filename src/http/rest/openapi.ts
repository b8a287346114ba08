/** The OpenAPI document, generated from the schemas that check requests and responses. */
import * as z from 'zod'
import { recordIn } from '../../tools/json-values.ts'
import { version } from '../../version.ts'
import { REST_ENDPOINTS, type RestEndpoint } from './endpoints.ts'
import { importOperation } from './import/operation.ts'
import { envelopeOf, errorSchema, failuresOf, json, schemaOf } from './openapi-parts.ts'

const FAILURES: Readonly<Record<string, string>> = {
  400: 'The arguments are invalid.',
  401: 'The API key is missing, wrong, expired or revoked.',
  402: 'No credits left; Retry-After says when more become available.',
  422: 'The picture cannot be used, or the offer does not exist.',
  429: 'Rate limit exceeded; Retry-After says when to try again.',
  502: 'The upstream sent an unusable response or rejected the key of this server.',
  503: 'The upstream or the store is unavailable.',
  504: 'The call exceeded its deadline.',
}

const BODY_FAILURES: Readonly<Record<string, string>> = {
  408: 'The body took too long to arrive.',
  413: 'The body is too large: at most 16 MiB of JSON, or a picture file of 25 MB.',
  415: 'The body is neither JSON nor a form.',
}

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
    paths: {
      ...Object.fromEntries(
        REST_ENDPOINTS.map(endpoint => [`/${endpoint.name}`, { get: getOf(endpoint), post: postOf(endpoint) }]),
      ),
      '/catalogue/import': { post: importOperation() },
    },
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

function getOf(endpoint: RestEndpoint) {
  const { name, title, description, input } = endpoint
  return {
    operationId: name,
    summary: title,
    description,
    parameters: Object.entries(input.shape).map(([parameter, schema]) => {
      const { description: meaning, ...rest } = schemaOf(schema)
      const required = !z.safeParse(schema, undefined).success
      return { name: parameter, in: 'query', required, description: meaning, schema: rest }
    }),
    responses: responsesOf(endpoint, FAILURES),
  }
}

/** With the arguments as JSON or, where the endpoint takes a picture, as a form with its file. */
function postOf(endpoint: RestEndpoint) {
  const { name, title, description, input, withFile } = endpoint
  const { required: _url, ...form } = schemaOf(input)
  const file = { type: 'string', format: 'binary', description: 'The picture, up to 25 MB' }
  const fields = { ...recordIn(form.properties), image: file }
  const upload = { 'multipart/form-data': { schema: { ...form, properties: fields, required: ['image'] } } }
  return {
    operationId: `${name}_post`,
    summary: title,
    description,
    requestBody: { required: true, content: { ...json(schemaOf(input)), ...(withFile === null ? {} : upload) } },
    responses: responsesOf(endpoint, { ...FAILURES, ...BODY_FAILURES }),
  }
}

function responsesOf({ output }: RestEndpoint, failures: Readonly<Record<string, string>>) {
  return {
    200: { description: 'Success.', headers: answerHeaders(), content: json(schemaOf(envelopeOf(output))) },
    ...failuresOf(failures),
  }
}

function answerHeaders() {
  const entries = Object.entries(ANSWER_HEADERS)
  return Object.fromEntries(entries.map(([name, description]) => [name, { description, schema: { type: 'string' } }]))
}
