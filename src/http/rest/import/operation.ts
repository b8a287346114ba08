/** `POST /catalogue/import` in the OpenAPI document. */
import { sentImportSchema } from '../../../shape/import.ts'
import { recordIn } from '../../../tools/json-values.ts'
import { envelopeOf, failuresOf, json, schemaOf } from '../openapi-parts.ts'
import { importFields } from './fields.ts'
import { MAX_SENT_PICTURES, PICTURES_FIELD } from './receive.ts'

const FAILURES: Readonly<Record<string, string>> = {
  400: 'The body is not a form, a field is unknown, or the sheet cannot be read.',
  401: 'The API key is missing, expired or revoked.',
  403: 'The API key is wrong, or lacks the right to import.',
  408: 'The body took too long to arrive.',
  413: 'The body is too large, or the form has too many files or fields.',
  429: 'Another import of the key is in progress, or its rate is exceeded; Retry-After says when to try again.',
  503: 'The store is unavailable.',
}

export const IMPORT_SUMMARY =
  'Imports the offers of a sheet for the caller, whose key needs the right import. No other key sees them.'

export function importOperation() {
  const { properties, ...form } = schemaOf(importFields)
  const file = { type: 'string', format: 'binary' }
  const files = {
    sheet: { ...file, description: 'CSV, XLSX or JSON Lines' },
    [PICTURES_FIELD]: {
      type: 'array',
      items: file,
      maxItems: MAX_SENT_PICTURES,
      description: 'Picture files, each with the name that a row gives as its picture',
    },
  }
  const schema = { ...form, properties: { ...files, ...recordIn(properties) }, required: ['sheet'] }
  return {
    operationId: 'catalogue_import',
    summary: 'Import own offers',
    description: IMPORT_SUMMARY,
    requestBody: { required: true, content: { 'multipart/form-data': { schema } } },
    responses: {
      200: { description: 'Success.', content: json(schemaOf(envelopeOf(sentImportSchema))) },
      ...failuresOf(FAILURES),
    },
  }
}
