import type { CostPartName } from '../../../offers/results/landed-cost-result.ts'

export const COST_PARTS_ZH: Readonly<Record<CostPartName, string>> = {
  goods: '货款',
  'domestic freight': '国内运费',
  'international freight': '国际运费',
  duty: '关税',
  VAT: '增值税',
  fees: '杂费',
}

export function costPartsZh(parts: readonly CostPartName[]): string {
  return parts.map(part => COST_PARTS_ZH[part]).join('、')
}
