/** The file costs.json: what a user, or over HTTP the operator, says once about freight, duty, VAT and currency. */
import { lstat, readFile } from 'node:fs/promises'
import * as z from 'zod'
import { AppError, hasCode } from '../errors.ts'
import type { FigureOrigin } from '../offers/results/landed-cost-result.ts'
import { quoted } from '../offers/text.ts'
import type { CostRates } from '../use-cases/buying/cost-terms.ts'

const amount = z.number().min(0).max(1e9).optional()
const percent = z.number().min(0).max(1_000).optional()

/** The names and units of the tool's arguments. */
const costsFile = z.strictObject({
  /** Whether callers over HTTP get these rates, as the server's default. */
  shared: z.boolean().default(false),
  currency: z.string().length(3).optional(),
  exchange_rate: z.number().min(0.000001).max(1e6).optional(),
  freight_per_kg: amount,
  freight_per_cbm: amount,
  volumetric_divisor: z.int().min(100).max(100_000).optional(),
  duty_rate: percent,
  duty_basis: z.enum(['cif', 'fob']).optional(),
  vat_rate: percent,
  fees: amount,
})

export type CostsFile = z.output<typeof costsFile>

export interface CostSettings {
  rates: CostRates
  origin: FigureOrigin
}

/** @returns `null` if there is no such file. @throws AppError `config_invalid` that names the file and the field. */
export async function readCostsFile(file: string): Promise<CostsFile | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) {
      if (!(await isLink(file))) return null
      throw wrong(file, 'it is a link to nothing', error)
    }
    throw wrong(file, 'it cannot be read', error)
  }
  const parsed = costsFile.safeParse(parseJson(file, text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') ?? ''
  throw wrong(file, `${where === '' ? '' : `${where}: `}${issue?.message ?? 'it is not an object'}`)
}

async function isLink(file: string): Promise<boolean> {
  return await lstat(file).then(
    stats => stats.isSymbolicLink(),
    () => false,
  )
}

/** @param isLocal whether the caller is the one whose file it is. */
export async function readCostSettings(file: string | null, isLocal: boolean): Promise<CostSettings> {
  const found = file === null ? null : await readCostsFile(file)
  const origin = isLocal ? 'settings' : 'server default'
  if (found === null || !(isLocal || found.shared)) return { rates: {}, origin }
  return {
    rates: {
      currency: found.currency,
      exchangeRate: found.exchange_rate,
      freightPerKg: found.freight_per_kg,
      freightPerCbm: found.freight_per_cbm,
      volumetricDivisor: found.volumetric_divisor,
      dutyRate: found.duty_rate,
      dutyBasis: found.duty_basis,
      vatRate: found.vat_rate,
      fees: found.fees,
    },
    origin,
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw wrong(file, 'it is not valid JSON', error)
  }
}

function wrong(file: string, what: string, cause?: unknown): AppError {
  return new AppError({
    code: 'config_invalid',
    message: `The settings file ${quoted(file)} cannot be used: ${what}.`,
    hint: 'Correct it or delete it; "mcp-1688 costs" shows what it may hold.',
    cause,
  })
}
