import * as z from 'zod'
import type { PickedPage } from '../../offers/results/results.ts'
import { pickedPhotoSchema, pickedPhotoText, shapePickedPhoto, shapeShownPicker } from '../../shape/picked-photo.ts'
import { foundPhotoSchema, foundPhotoText, shapeFoundPhoto } from '../../shape/search/found-photo.ts'
import { defineTool } from '../define.ts'
import { inChinese } from '../in-chinese.ts'
import { Reply } from '../reply.ts'
import { FIRST_PAGE } from './paging.ts'

export const pickPhoto = defineTool({
  name: 'pick_photo',
  title: 'Ask for a photo',
  description:
    'For a photo that only the person has (in the chat, the clipboard or a phone): shows a photo picker in the chat or opens a page in their ' +
    'browser, where they drop, paste or take it and crop it. Returns the address of the page and the image_url to search with, at no cost; or, ' +
    'where your host opens the page for the person, what search_by_image finds for the photo.',
  effect: 'opens_page',
  page: 'picker',
  input: z.strictObject({
    language: z.enum(['auto', 'en', 'zh']).default('auto').describe('Of the page'),
    in_browser: z.boolean().default(false).describe('Open the page even if the chat can show the picker'),
  }),
  output: pickedPhotoSchema,
  async handle({ language, in_browser: inBrowser }, { services, client, answer, ...call }) {
    const asked = answer ? readState(answer.state) : null
    if (asked && answer?.isAccepted && (await services.awaitPhoto(asked, call))) {
      const result = await services.searchByImage({ image: asked.handle, ...FIRST_PAGE }, call)
      const zh = await inChinese(result, client)
      return Reply.success(foundPhotoSchema, shapeFoundPhoto(result, asked.handle), foundPhotoText, { zh })
    }
    if (client?.showsPages && !inBrowser && !asked)
      return Reply.success(pickedPhotoSchema, shapeShownPicker(), pickedPhotoText)
    const page = asked ?? (await services.pickPhoto({ origin: null }))
    const address = language === 'auto' || asked ? page.address : `${page.address}?lang=${language}`
    const opened = { ...page, address }
    if (client?.opensAddresses && answer === undefined)
      return Reply.ask({ address, message: MESSAGE, state: JSON.stringify(opened) })
    return Reply.success(pickedPhotoSchema, shapePickedPhoto(opened), pickedPhotoText)
  },
})

const MESSAGE = 'Send the product photo on this page, to search 1688 with it.'

/** What the client sends back gives no right: a handle is of use only to the owner to whom it was given. */
const stateSchema = z.object({
  address: z.string().max(2_000),
  handle: z.string().max(64),
  expiresAt: z.int().min(0).max(8.64e15),
})

function readState(state: string): PickedPage | null {
  try {
    return stateSchema.parse(JSON.parse(state))
  } catch {
    return null
  }
}
