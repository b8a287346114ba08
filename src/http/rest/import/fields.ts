/** The fields of the form of an import. */
import * as z from 'zod'
import { invalidInput } from '../../../errors.ts'
import { toHttpError } from '../../access/http-error.ts'

const yesOrNo = z.enum(['true', 'false']).default('false')

export const importFields = z.strictObject({
  map: z.string().min(1).max(2_000).optional().describe('What columns are that have other names: Unit Cost=price'),
  rates: z.string().min(1).max(200).optional().describe('CNY for one unit of a currency: USD=7.1'),
  sheet_name: z.string().min(1).max(100).optional().describe('Of a workbook. Default: the sheet that has offers'),
  encoding: z.string().min(1).max(40).optional().describe('Of a text file, such as gb18030. Default: recognised'),
  dry_run: yesOrNo.describe('Shows how the sheet is read, and stores nothing'),
  prune: yesOrNo.describe('Removes own offers that the sheet lacks, unless a row is left out'),
})

/** @throws HttpError 400 */
export function parseFields(fields: ReadonlyMap<string, string>): z.output<typeof importFields> {
  const parsed = importFields.safeParse(Object.fromEntries(fields))
  if (parsed.success) return parsed.data
  const [name] = parsed.error.issues[0]?.path ?? []
  const what = name === undefined ? 'The form has an unknown field.' : `The field ${String(name)} has no valid value.`
  const hint =
    'The fields are map ("Unit Cost=price"), rates ("USD=7.1"), sheet_name, encoding, dry_run and prune (true or false).'
  throw toHttpError(invalidInput(what, hint))
}
