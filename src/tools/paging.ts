/** The arguments that all searches share. */
import * as z from 'zod'
import { omitUnknown } from '../shape/text/values.ts'

export const PAGING = {
  page: z.int().min(1).max(10_000).default(1).describe('Page, from 1 (default 1)'),
  page_size: z.int().min(1).max(60).default(10).describe('Offers per page, 1-60 (default 10)'),
  max_price: z.number().min(0.01).max(1e8).optional().describe('Highest unit price in CNY'),
  max_moq: z.int().min(1).max(1e9).optional().describe('Highest minimum order quantity'),
  location: z.string().min(1).max(60).optional().describe('City or province, Chinese or pinyin: 义乌, Yiwu, Guangdong'),
  response_format: z
    .enum(['concise', 'detailed'])
    .default('concise')
    .describe('detailed adds image_url, detail_url, province, moq (default concise)'),
}

const pagingSchema = z.object(PAGING)

export function pageRequestOf(input: z.output<typeof pagingSchema>) {
  const { page, page_size: pageSize, max_price: maxPrice, max_moq: maxMoq, location } = input
  return { page, pageSize, filters: omitUnknown({ maxPrice, maxMoq, location }) }
}
