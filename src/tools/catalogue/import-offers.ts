import * as z from 'zod'
import { importSchema, importText, shapeImport } from '../../shape/import.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

export const importOffers = defineTool({
  name: 'import_offers',
  title: 'Import offers from a sheet',
  description:
    "Reads a sheet of suppliers' offers on this computer, so that searches, details and comparisons know them. " +
    'The first call stores nothing: it returns how each column is read, some rows and confirm, to show the person. The same call with confirm imports. ' +
    'An offer that is known is updated. Costs nothing.',
  effect: 'imports',
  isLocal: true,
  input: z.strictObject({
    path: z.string().min(1).max(4_000).describe('Of a .csv, .tsv, .xlsx or .jsonl file'),
    map: z.string().min(1).max(2_000).optional().describe('What columns are, e.g. "Unit Cost=price; Photo=image"'),
    sheet: z.string().min(1).max(100).optional().describe('Of a workbook; by default the one with offers'),
    rates: z.string().min(1).max(200).optional().describe('CNY for one unit, e.g. "USD=7.1"'),
    encoding: z.string().min(1).max(40).optional().describe('Of a text file; by default recognised'),
    confirm: z.string().min(1).max(40).optional().describe('From the first call, once the person agrees'),
  }),
  output: importSchema,
  async handle({ path, sheet = null, map = null, rates = null, encoding = null, confirm = null }, context) {
    const { services, ...call } = context
    const result = await services.importOffers(
      { sheet: { kind: 'path', path, confirm }, sheetName: sheet, map, rates, encoding },
      call,
    )
    return Reply.success(importSchema, shapeImport(result), importText)
  },
})
