/** Headers of two rows: the upper one names groups, such as `Price (USD)` over `100-499` and `500+`. */
import { currenciesIn } from '../values/currency.ts'
import { unitOfColumn } from '../values/pack-cell.ts'
import { fieldOf } from './field-of.ts'

const MAX_NAME_CHARS = 60

/** The names of the lower row, with what the upper one adds to a price or a minimum order. */
export function namesUnder(group: readonly string[], own: readonly string[]): string[] {
  if (group.filter(name => name !== '').length < 2) return [...own]
  const names: string[] = []
  let carried = ''
  for (let index = 0; index < Math.max(own.length, group.length); index++) {
    const [above = '', name = ''] = [group[index], own[index]]
    if (above !== '') carried = above
    names.push(name === '' ? above : combined(carried, name))
  }
  return names
}

/** Whether the lower row only says more about the columns of the upper one, for example currencies below `Price`. */
export function sharpens(upper: readonly string[], lower: readonly string[]): boolean {
  if (upper.filter(name => name !== '').length < 2) return false
  let carried = ''
  let sharpened = 0
  let numbers = 0
  let others = 0
  for (let index = 0; index < Math.max(upper.length, lower.length); index++) {
    const [above = '', name = ''] = [upper[index], lower[index]]
    if (above !== '') carried = above
    if (name === '' || name === above) continue
    if (/^\d+$/.test(name) && fieldOf(carried) === 'price') numbers += 1
    else if (combined(carried, name) !== name) sharpened += 1
    // Sample, beside Bulk below Unit price.
    else if (fieldOf(carried) !== 'price' || fieldOf(name) !== undefined) return false
    else others += 1
  }
  // Several bare numbers are steps, one is a price. A row of goods has a word of a header by chance.
  return sharpened + numbers > others && numbers !== 1
}

function combined(group: string, name: string): string {
  const field = fieldOf(name)
  if (group === '' || group === name || (field !== undefined && field !== 'price')) return name
  if (group.length + name.length > MAX_NAME_CHARS) return name
  const says = currenciesIn(group).named.size > 0 || fieldOf(group) !== undefined || unitOfColumn(group) !== null
  const both = `${group} ${name}`
  const whole = fieldOf(both)
  return says && (whole === 'price' || whole === 'moq') ? both : name
}
