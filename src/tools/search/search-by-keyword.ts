import * as z from 'zod'
import { inCurrency } from '../../offers/results/in-currency.ts'
import { keywordSchema } from '../../shape/search/schema.ts'
import { keywordText, shapeKeywordSearch } from '../../shape/search/search.ts'
import { defineTool } from '../define.ts'
import { inChinese } from '../in-chinese.ts'
import { Reply } from '../reply.ts'
import { PAGING, pageRequestOf } from './paging.ts'

export const searchByKeyword = defineTool({
  name: 'search_by_keyword',
  title: 'Search 1688 by words',
  description:
    'Finds wholesale offers by words, for use without a picture. Titles on 1688.com are Chinese: translate the words first. The note says ' +
    'what was searched: all of 1688, or only the local catalogue.',
  effect: 'reads',
  page: 'grid',
  input: z.strictObject({
    keyword: z.string().min(1).max(200).describe('Product name, preferably in Chinese: 不锈钢保温杯'),
    ...PAGING,
  }),
  output: keywordSchema,
  async handle(input, { services, ...call }) {
    const [result, currency] = await Promise.all([
      services.searchByKeyword({ keyword: input.keyword, ...pageRequestOf(input) }, call),
      services.findCurrency(input, call),
    ])
    const found = inCurrency(result, currency)
    const value = shapeKeywordSearch(found, input.response_format)
    return Reply.success(keywordSchema, value, keywordText, {
      zh: await inChinese({ remarks: found.remarks }, call.client),
    })
  },
})
