import * as z from 'zod'
import { cleanText, FIELD_MAX_CHARS } from '../../offers/text.ts'
import { landedCostSchema, shapeLandedCost } from '../../shape/cost/landed-cost.ts'
import { landedCostText } from '../../shape/cost/text.ts'
import type { CostArguments } from '../../use-cases/buying/cost-terms.ts'
import { defineTool } from '../define.ts'
import { inChinese } from '../in-chinese.ts'
import { Reply } from '../reply.ts'

export const amount = () => z.number().min(0).max(1e9).optional()
export const percent = () => z.number().min(0).max(1_000).optional()

/** The buyer's rates; what is left out comes from the settings file. */
const RATES = {
  domestic_freight: amount().describe('CNY for the order'),
  unit_weight_kg: z.number().min(0.0001).max(1e5).optional().describe('Instead of the listing'),
  unit_cbm: z.number().min(1e-7).max(1e4).optional().describe('m3, instead of the listing'),
  freight_per_kg: amount().describe('In currency'),
  freight_per_cbm: amount().describe('In currency; of both freights the larger counts'),
  volumetric_divisor: z.int().min(100).max(100_000).optional().describe('cm3 per kg, such as 5000'),
  duty_rate: percent().describe('Percent'),
  duty_basis: z.enum(['cif', 'fob']).optional().describe('Default cif'),
  vat_rate: percent().describe('Percent'),
  fees: amount().describe('For the order, in currency'),
  currency: z.string().min(3).max(3).optional().describe('Of the freights and fees; default CNY'),
  exchange_rate: z.number().min(0.000001).max(1e6).optional().describe('CNY for one unit of currency'),
}

const ratesSchema = z.object(RATES)

export function ratesOf(input: Partial<z.output<typeof ratesSchema>>): CostArguments {
  return {
    currency: input.currency,
    exchangeRate: input.exchange_rate,
    freightPerKg: input.freight_per_kg,
    freightPerCbm: input.freight_per_cbm,
    volumetricDivisor: input.volumetric_divisor,
    dutyRate: input.duty_rate,
    dutyBasis: input.duty_basis,
    vatRate: input.vat_rate,
    fees: input.fees,
    domesticFreight: input.domestic_freight,
    unitWeightKg: input.unit_weight_kg,
    unitCbm: input.unit_cbm,
  }
}

export const estimateLandedCost = defineTool({
  name: 'estimate_landed_cost',
  title: 'Estimate landed cost',
  description:
    "Adds up what an order costs where it arrives: goods, domestic and international freight, duty, VAT, fees, from the listing and the buyer's " +
    'own rates. Without a rate there is no total, only a subtotal that names what it lacks. A new offer costs one credit, one read ' +
    'within the last day nothing.',
  effect: 'reads',
  input: z.strictObject({
    offer_ids: z.array(z.string().min(1).max(4_000)).min(1).max(20).describe('Offer IDs or listing links'),
    quantity: z.int().min(1).max(1e9).optional().describe('Units; if omitted, the smallest order'),
    variant: z.string().min(1).max(80).optional().describe('Name of the variant'),
    destination: z.string().min(1).max(FIELD_MAX_CHARS).optional().describe('Country, only written down'),
    warehouse: z
      .string()
      .min(1)
      .max(FIELD_MAX_CHARS)
      .optional()
      .describe('Chinese city or province: asks for domestic freight (1 credit an offer, needs max_credits)'),
    ...RATES,
    max_credits: z.int().min(0).max(1_000).optional().describe('For the whole call'),
    dry_run: z.boolean().default(false).describe('Only show the price'),
  }),
  output: landedCostSchema,
  async handle(input, { services, ...call }) {
    const request = {
      references: input.offer_ids,
      quantity: input.quantity ?? null,
      variant: input.variant ?? null,
      rates: ratesOf(input),
      warehouse: cleanText(input.warehouse, FIELD_MAX_CHARS),
      destination: cleanText(input.destination, FIELD_MAX_CHARS),
      dryRun: input.dry_run,
      maxCredits: input.max_credits,
    }
    const result = await services.estimateLandedCost(request, call)
    const without = result.offers.flatMap(({ cost }) => cost.without)
    const zh = await inChinese({ without }, call.client)
    return Reply.success(landedCostSchema, shapeLandedCost(result), landedCostText, { zh })
  },
})
