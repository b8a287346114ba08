/** The two endpoints of the API on Parse, defined as tools so that they share parsing, deadlines and errors with MCP. */
import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { INDEX_PICTURE_URL } from '../../offers/index-picture.ts'
import { defineTool, type Tool } from '../../tools/define.ts'
import { Reply } from '../../tools/reply.ts'
import { restDetails, restDetailsSchema, restSearch, restSearchSchema } from './shape.ts'

/** REST only answers with JSON. */
const noText = () => ''

const searchByImage = defineTool({
  name: 'search_by_image',
  title: 'Search 1688 by picture',
  description:
    'Finds offers on 1688.com that look like a picture, best first. ' +
    `For image_url=${INDEX_PICTURE_URL} no picture is fetched: the response is a page of the upstream's index in its original order, ` +
    'so that one mcp-1688 can use another as its upstream.',
  effect: 'reads',
  input: z.strictObject({
    image_url: z
      .string()
      .min(1)
      .max(8_000)
      .describe('Public http(s) URL of a picture or of a page that names one, or the ID of an offer, for more like it'),
    page: z.coerce.number().int().min(1).max(10_000).default(1).describe('Page number, from 1'),
    page_size: z.coerce.number().int().min(1).max(60).default(10).describe('Offers per page, 1-60'),
    max_credits: z.coerce
      .number()
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('Most credits to spend; by default, one page of the upstream'),
  }),
  output: restSearchSchema,
  async handle({ image_url: image, page, page_size: pageSize, max_credits: maxCredits }, { services, ...call }) {
    const result =
      image === INDEX_PICTURE_URL
        ? await services.listIndex({ page, pageSize, query: image }, call)
        : await services.searchByImage({ image, page, pageSize, maxCredits, filters: {} }, call)
    return Reply.success(restSearchSchema, restSearch(result), noText)
  },
})

const getProductDetails = defineTool({
  name: 'get_product_details',
  title: 'Get an offer',
  description: 'Returns one offer on 1688.com in full.',
  effect: 'reads',
  input: z.strictObject({
    offer_id: z.string().min(1).max(4_000).describe('Offer ID (digits) or link to the listing'),
  }),
  output: restDetailsSchema,
  async handle(input, { services, ...call }) {
    const result = await services.getDetails({ offerId: parseOfferId(input.offer_id) }, call)
    return Reply.success(restDetailsSchema, restDetails(result), noText)
  },
})

/** The path of an endpoint is its name. */
export const REST_ENDPOINTS: readonly Tool[] = [searchByImage, getProductDetails]
