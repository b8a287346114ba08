/** The endpoints of REST: the seed's own two, defined like tools so that they are parsed, timed and mapped to errors in the same place. */
import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { INDEX_PICTURE_URL } from '../../offers/index-picture.ts'
import { defineTool, type Tool } from '../../tools/define.ts'
import { Reply } from '../../tools/reply.ts'
import { restDetails, restDetailsSchema, restSearch, restSearchSchema } from './shape.ts'

/** REST has one form only. */
const noText = () => ''

const searchByImage = defineTool({
  name: 'search_by_image',
  title: 'Search 1688 by picture',
  description:
    'Finds offers on 1688.com that look like a picture, best first. ' +
    `For image_url=${INDEX_PICTURE_URL} no picture is fetched: the answer is a page of the upstream's index as it is, in its own order, ` +
    'so that one mcp-1688 can use another as its upstream.',
  effect: 'reads',
  input: z.strictObject({
    image_url: z
      .string()
      .min(1)
      .max(8_000)
      .describe('Public http(s) address of a picture: JPEG, PNG, WebP, GIF or AVIF'),
    page: z.coerce.number().int().min(1).max(10_000).default(1).describe('Page, from 1'),
    page_size: z.coerce.number().int().min(1).max(60).default(10).describe('Offers a page, 1-60'),
  }),
  output: restSearchSchema,
  async handle({ image_url: image, page, page_size: pageSize }, { services, ...call }) {
    const result =
      image === INDEX_PICTURE_URL
        ? await services.listIndex({ page, pageSize, query: image }, call)
        : await services.searchByImage({ image, page, pageSize, filters: {} }, call)
    return Reply.success(restSearchSchema, restSearch(result), noText)
  },
})

const getProductDetails = defineTool({
  name: 'get_product_details',
  title: 'Read an offer',
  description: 'Reads one offer of 1688.com in full.',
  effect: 'reads',
  input: z.strictObject({
    offer_id: z.string().min(1).max(4_000).describe('Offer id (digits), or a link of the listing'),
  }),
  output: restDetailsSchema,
  async handle(input, { services, ...call }) {
    const result = await services.getDetails({ offerId: parseOfferId(input.offer_id) }, call)
    return Reply.success(restDetailsSchema, restDetails(result), noText)
  },
})

/** Every endpoint; its path is its name. */
export const REST_ENDPOINTS: readonly Tool[] = [searchByImage, getProductDetails]
