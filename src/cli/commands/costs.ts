/** `mcp-1688 costs`: the rates that landed costs are estimated by, and where they are kept. */
import { AppError } from '../../errors.ts'
import type { Command } from '../command.ts'
import { FLAGS } from '../shared-flags.ts'

const EXAMPLE = {
  currency: 'USD',
  exchange_rate: 7.1,
  freight_per_kg: 6.5,
  volumetric_divisor: 6000,
  duty_rate: 4,
  duty_basis: 'cif',
  vat_rate: 19,
  fees: 60,
}

export const costsCommand: Command = {
  name: 'costs',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary: 'Show your own freight, duty, VAT and currency, which estimate_landed_cost uses where a call names none.',
  flags: {
    path: { value: 'switch', help: 'Print only the path of the file.' },
    json: FLAGS.json,
  },
  notes: {
    title: 'Its fields, all optional',
    rows: [
      ['currency', 'of freight and fees; default CNY'],
      ['exchange_rate', 'CNY for one unit of that currency'],
      ['freight_per_kg, freight_per_cbm', 'international freight; of both the larger counts'],
      ['volumetric_divisor', 'cm3 that count as one kg'],
      ['duty_rate, vat_rate', 'percent'],
      ['duty_basis', 'cif (default) or fob'],
      ['fees', 'for a whole order'],
      ['shared', 'true: callers of serve get these rates, marked "server default"'],
    ],
  },
  run: async ({ config, flags, print, notify }) => {
    const { costsFile } = config
    if (costsFile === null) {
      throw new AppError({
        code: 'config_invalid',
        message: 'This user has no home folder, so there is no place for costs.json.',
        hint: 'Set HOME, or pass the rates with each call.',
      })
    }
    if (flags.path !== undefined) {
      print(flags.json === undefined ? costsFile : JSON.stringify({ path: costsFile }))
      return 0
    }
    const { readCostsFile } = await import('../../app/cost-settings.ts')
    const settings = await readCostsFile(costsFile)
    if (flags.json !== undefined) {
      print(JSON.stringify({ path: costsFile, settings }, null, 2))
      return 0
    }
    if (settings === null) {
      print(`No rates are kept. Write them to ${costsFile}, for example:`)
      print(JSON.stringify(EXAMPLE, null, 2))
      return 0
    }
    notify(`From ${costsFile}:`)
    for (const [name, value] of Object.entries(settings)) print(`${name}: ${value}`)
    return 0
  },
}
