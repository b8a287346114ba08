import * as z from 'zod'
import { foundPhotoSchema, shapeFoundPhoto } from '../../shape/search/found-photo.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'
import { FIRST_PAGE } from './paging.ts'

/** Offers on the page. */
const PAGE_SIZE = 20

export const searchPhoto = defineTool({
  name: 'search_photo',
  title: 'Search with the picked photo',
  description:
    'For the photo picker only: searches with the photo that the person has picked, as search_by_image does.',
  effect: 'reads',
  calledBy: ['picker'],
  pictures: 1,
  input: z.strictObject({ photo: z.string().min(1).max(14_000_000).describe('data: URL') }),
  output: foundPhotoSchema,
  async handle({ photo }, { services, ...call }) {
    const handle = await services.keepPhoto({ photo }, call)
    const result = await services.searchByImage({ image: handle, ...FIRST_PAGE, pageSize: PAGE_SIZE }, call)
    // The page reads the text where a host withholds the JSON.
    return Reply.success(foundPhotoSchema, shapeFoundPhoto(result, handle), value => JSON.stringify(value))
  },
})
