/** The two endpoints of the API on Parse, defined as tools so that they share parsing, deadlines and errors with MCP. */
import * as z from 'zod'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { INDEX_PICTURE_URL } from '../../offers/index-picture.ts'
import type { PictureInput } from '../../pictures/reader.ts'
import { defineTool, type Tool, type ToolContext } from '../../tools/define.ts'
import { Reply } from '../../tools/reply.ts'
import { restDetails, restDetailsSchema, restSearch, restSearchSchema } from './shape.ts'

/** REST only answers with JSON. */
const noText = () => ''

export interface RestEndpoint extends Tool {
  /** The call whose picture is a file in the body; `null` if the endpoint takes none. */
  withFile: ((bytes: Uint8Array) => Tool) | null
}

const MAX_MORE = 3

const picture = z
  .string()
  .min(1)
  .max(14_000_000)
  .describe(
    'Public http(s) URL of a picture or of a page that names one, a data: URL, or the ID of an offer, for more like it',
  )

const searchArguments = {
  more_image_urls: z
    .array(z.string().max(14_000_000))
    .max(MAX_MORE)
    .optional()
    .describe('Up to 3 more photos of the same product; in a query or a form, one a line'),
  page: z.number().int().min(1).max(10_000).default(1).describe('Page number, from 1'),
  page_size: z.number().int().min(1).max(60).default(10).describe('Offers per page, 1-60'),
  max_credits: z
    .number()
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('Most credits to spend; by default, one page of the upstream'),
}

const searchInput = z.strictObject({ image_url: picture, ...searchArguments })
/** For a call with a file. */
const fileSearchInput = z.strictObject({ image_url: picture.optional(), ...searchArguments })

type SearchArguments = Omit<z.output<typeof fileSearchInput>, 'image_url'>

async function search(
  [image, ...others]: readonly [PictureInput, ...PictureInput[]],
  { more_image_urls: more = [], page, page_size: pageSize, max_credits: maxCredits }: SearchArguments,
  { services, ...call }: ToolContext,
): Promise<Reply> {
  const result =
    image === INDEX_PICTURE_URL
      ? await services.listIndex({ page, pageSize, query: image }, call)
      : await services.searchByImage(
          { image, moreImages: [...others, ...more], page, pageSize, maxCredits, filters: {} },
          call,
        )
  return Reply.success(restSearchSchema, restSearch(result), noText)
}

const searchByImage = defineTool({
  name: 'search_by_image',
  title: 'Search 1688 by picture',
  description:
    'Finds offers on 1688.com that look like a picture, best first. ' +
    `For image_url=${INDEX_PICTURE_URL} no picture is fetched: the response is a page of the upstream's index in its original order, ` +
    'so that one mcp-1688 can use another as its upstream.',
  effect: 'reads',
  pictures: 1 + MAX_MORE,
  input: searchInput,
  output: restSearchSchema,
  handle: (input, context) => search([input.image_url], input, context),
})

const searchByFile = (bytes: Uint8Array) =>
  defineTool({
    ...searchByImage,
    input: fileSearchInput,
    handle: (input, context) =>
      search([{ kind: 'file', bytes }, ...(input.image_url === undefined ? [] : [input.image_url])], input, context),
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
export const REST_ENDPOINTS: readonly RestEndpoint[] = [
  { ...searchByImage, withFile: searchByFile },
  { ...getProductDetails, withFile: null },
]
