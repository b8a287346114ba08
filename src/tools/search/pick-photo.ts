import * as z from 'zod'
import { pickedPhotoSchema, pickedPhotoText, shapePickedPhoto } from '../../shape/picked-photo.ts'
import { defineTool } from '../define.ts'
import { Reply } from '../reply.ts'

export const pickPhoto = defineTool({
  name: 'pick_photo',
  title: 'Ask for a photo',
  description:
    'For a photo that only the person has (in the chat, the clipboard or a phone): opens a page for one photo in their browser, where they drop, ' +
    'paste or take it and crop it. Returns its address and the image_url to search with. Costs nothing.',
  effect: 'opens_page',
  input: z.strictObject({
    language: z.enum(['auto', 'en', 'zh']).default('auto').describe('Of the page (default: that of the browser)'),
  }),
  output: pickedPhotoSchema,
  async handle({ language }, { services }) {
    const page = await services.pickPhoto({ origin: null })
    const address = language === 'auto' ? page.address : `${page.address}?lang=${language}`
    return Reply.success(pickedPhotoSchema, shapePickedPhoto({ ...page, address }), pickedPhotoText)
  },
})
