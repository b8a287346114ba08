/** The arguments that all searches share. */
import * as z from 'zod'
import { type AppError, invalidInput } from '../../errors.ts'
import { SELLER_FILTERS, SORT_ORDERS } from '../../offers/filters.ts'
import { omitUnknown } from '../../shape/text/values.ts'

export const PAGING = {
  page: z.int().min(1).max(10_000).default(1),
  page_size: z.int().min(1).max(60).default(10).describe('Offers per page'),
  sort: z.enum(SORT_ORDERS).default('best_match'),
  min_price: z.number().min(0.01).max(1e8).optional().describe('In CNY'),
  max_price: z.number().min(0.01).max(1e8).optional().describe('In CNY'),
  max_moq: z.int().min(1).max(1e9).optional(),
  location: z.string().min(1).max(60).optional().describe('City or province, Chinese or pinyin: 义乌, Yiwu'),
  seller: z.enum(SELLER_FILTERS).default('any'),
  max_credits: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('Most credits to spend; 0: only what is known. Default: one page'),
  currency: z.string().min(3).max(3).optional().describe('Beside CNY, such as USD'),
  response_format: z
    .enum(['concise', 'detailed'])
    .default('concise')
    .describe('detailed adds image_url, detail_url, province, moq'),
}

const pagingSchema = z.object(PAGING)

/** A search without wishes. */
export const FIRST_PAGE = { page: 1, pageSize: 10, filters: {} } as const

/** @throws AppError `invalid_input` for bounds between which there is no price. */
export function pageRequestOf(input: z.output<typeof pagingSchema>) {
  const { page, page_size: pageSize, max_credits: maxCredits } = input
  const { min_price: minPrice, max_price: maxPrice, max_moq: maxMoq, location } = input
  if (minPrice !== undefined && maxPrice !== undefined && minPrice > maxPrice) throw noSuchPrice(minPrice, maxPrice)
  const sort = input.sort === 'best_match' ? null : input.sort
  const seller = input.seller === 'any' ? null : input.seller
  return { page, pageSize, maxCredits, filters: omitUnknown({ minPrice, maxPrice, maxMoq, location, sort, seller }) }
}

function noSuchPrice(min: number, max: number): AppError {
  return invalidInput(`min_price ${min} is above max_price ${max}.`, 'Swap them, or leave one out.')
}
