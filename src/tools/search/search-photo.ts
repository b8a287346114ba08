import * as z from 'zod'
import { foundPhotoSchema, shapeFoundPhoto } from '../../shape/search/found-photo.ts'
import { defineTool } from '../define.ts'
import { inChinese } from '../in-chinese.ts'
import { Reply } from '../reply.ts'
import { FIRST_PAGE } from './paging.ts'

/** Of one product. */
const MOST_PHOTOS = 4

/** Offers on the page. */
const PAGE_SIZE = 20

export const searchPhoto = defineTool({
  name: 'search_photo',
  title: 'Search with the picked photo',
  description: 'For the photo picker only: searches with the photos that the person has picked.',
  effect: 'reads',
  calledBy: ['picker'],
  pictures: MOST_PHOTOS,
  input: z.strictObject({
    photos: z.array(z.string().min(1).max(14_000_000)).min(1).max(MOST_PHOTOS).describe('data: URLs'),
  }),
  output: foundPhotoSchema,
  async handle({ photos }, { services, ...call }) {
    const [image = '', ...moreImages] = await Promise.all(photos.map(photo => services.keepPhoto({ photo }, call)))
    const result = await services.searchByImage({ image, moreImages, ...FIRST_PAGE, pageSize: PAGE_SIZE }, call)
    // The page reads the text where a host withholds the JSON.
    return Reply.success(foundPhotoSchema, shapeFoundPhoto(result, image, moreImages), value => JSON.stringify(value), {
      zh: await inChinese({ remarks: result.remarks, query: result.query }, call.client),
    })
  },
})
