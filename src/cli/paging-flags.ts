import { omitUnknown } from '../shape/text/values.ts'
import { PAGING } from '../tools/search/paging.ts'
import type { CommandContext, CommandFlag } from './command.ts'
import { numberOf } from './flag-number.ts'

export const PAGING_FLAGS = {
  page: { value: 'N', help: 'Page, from 1.' },
  'page-size': { value: 'N', help: 'Offers a page, 1-60. Default: 10.' },
  sort: { value: 'ORDER', help: 'best_match, price_asc, price_desc, sales or repurchase. Default: best_match.' },
  'min-price': { value: 'CNY', help: 'Lowest unit price.' },
  'max-price': { value: 'CNY', help: 'Highest unit price.' },
  'max-moq': { value: 'N', help: 'Highest minimum order quantity.' },
  location: { value: 'PLACE', help: 'City or province, Chinese or pinyin: 义乌, Yiwu, Guangdong.' },
  seller: { value: 'KIND', help: 'any, factory or verified. Default: any.' },
  'max-credits': {
    value: 'N',
    help: 'Most credits to spend; 0 answers from what is known. Default: one page of the upstream.',
  },
} as const satisfies Record<string, CommandFlag>

/** The given flags as arguments of a search. */
export function pagingOf(flags: CommandContext['flags']): Record<string, unknown> {
  return omitUnknown({
    page: numberOf(flags, 'page', PAGING.page),
    page_size: numberOf(flags, 'page-size', PAGING.page_size),
    sort: flags.sort,
    min_price: numberOf(flags, 'min-price', PAGING.min_price),
    max_price: numberOf(flags, 'max-price', PAGING.max_price),
    max_moq: numberOf(flags, 'max-moq', PAGING.max_moq),
    location: flags.location,
    seller: flags.seller,
    max_credits: numberOf(flags, 'max-credits', PAGING.max_credits),
  })
}
