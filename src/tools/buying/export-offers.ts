import * as z from 'zod'
import { AppError } from '../../errors.ts'
import { exportSchema, exportText, shapeExport } from '../../shape/export.ts'
import { LANGUAGES } from '../../shape/report/language.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'
import { amount, percent, ratesOf } from './estimate-landed-cost.ts'

export const exportOffers = defineTool({
  name: 'export_offers',
  title: 'Export offers',
  description:
    'Makes a file: an Excel sheet of offers with pictures, CSV, or a page to print; with landed costs if rates are given, as in ' +
    'estimate_landed_cost. Returns its path or, over HTTP, an address for an hour. A new offer costs one credit.',
  effect: 'makes_file',
  input: z.strictObject({
    offer_ids: z.array(z.string().min(1).max(4_000)).min(1).max(20).describe('IDs or links'),
    format: z.enum(['xlsx', 'csv', 'html']).default('xlsx'),
    language: z.enum(LANGUAGES).default('en'),
    quantity: z.int().min(1).max(1e9).optional().describe('Default: the smallest order'),
    variant: z.string().min(1).max(80).optional(),
    // As in estimate_landed_cost, which explains them.
    domestic_freight: amount(),
    freight_per_kg: amount(),
    freight_per_cbm: amount(),
    volumetric_divisor: z.int().min(100).max(100_000).optional(),
    duty_rate: percent(),
    vat_rate: percent(),
    fees: amount(),
    currency: z.string().min(3).max(3).optional(),
    exchange_rate: z.number().min(0.000001).max(1e6).optional(),
  }),
  output: exportSchema,
  async handle(input, { services, ...call }) {
    const { offer_ids: references, format, language, quantity = null, variant = null, currency, ...costs } = input
    const hasCosts = Object.values(costs).some(cost => cost !== undefined)
    const result = await services.exportOffers(
      {
        references,
        format,
        language,
        quantity,
        variant,
        currency,
        rates: hasCosts ? ratesOf({ ...costs, currency }) : null,
        origin: null,
        mostBytes: null,
        dryRun: false,
      },
      call,
    )
    const { file } = result
    if (file === null) throw new AppError({ code: 'internal', message: 'No file was made.', hint: 'Try again.' })
    const { name, mediaType, bytes, address } = file
    const link = { uri: address ?? `mcp-1688://exports/${name}`, name, mediaType, bytes }
    return Reply.success(exportSchema, shapeExport(result, file), exportText, { file: link })
  },
})
