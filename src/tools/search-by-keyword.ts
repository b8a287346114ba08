/** The tool `search_by_keyword`. */
import * as z from 'zod'
import { keywordSchema, keywordText, shapeKeywordSearch } from '../shape/search/search.ts'
import { defineTool } from './define.ts'
import { PAGING, wantedOf } from './paging.ts'
import { Reply } from './reply.ts'

/** Finds offers on 1688 by words. */
export const searchByKeyword = defineTool({
  name: 'search_by_keyword',
  title: 'Search 1688 by words',
  description:
    'Finds wholesale offers by words, where there is no picture. Titles on 1688.com are Chinese: translate the words first. The note says ' +
    'what was searched: all of 1688, or only the offers known here.',
  effect: 'reads',
  grid: 'shows',
  input: z.strictObject({
    keyword: z.string().min(1).max(200).describe('What the goods are called, best in Chinese: 不锈钢保温杯'),
    ...PAGING,
  }),
  output: keywordSchema,
  async handle(input, { services, ...call }) {
    const result = await services.searchByKeyword({ keyword: input.keyword, ...wantedOf(input) }, call)
    return Reply.success(keywordSchema, shapeKeywordSearch(result, input.response_format), keywordText)
  },
})
