import * as z from 'zod'
import type { PickedPage } from '../offers/results/results.ts'

/** Only `next` where the picker is shown in the chat. */
export const pickedPhotoSchema = z.object({
  address: z.string().optional(),
  image_url: z.string().optional(),
  expires_at: z.string().optional(),
  only_on_this_computer: z.boolean().optional(),
  next: z.string(),
})

export type PickedPhotoValue = z.output<typeof pickedPhotoSchema>

export function shapePickedPhoto({ address, handle, expiresAt }: PickedPage): PickedPhotoValue {
  return {
    address,
    image_url: handle,
    expires_at: new Date(expiresAt).toISOString(),
    only_on_this_computer: /^http:\/\/(?:127\.|localhost[:/]|\[::1\])/.test(address),
    next: 'Give the person the address. When the photo was sent, call search_by_image with this image_url; it waits up to 10 s for the photo.',
  }
}

/** The page of MCP Apps takes the photo, searches and tells the model. */
export function shapeShownPicker(): PickedPhotoValue {
  return {
    next: 'The photo picker is shown in the chat: the person picks a photo there and sees what is found. You are told the result, with an image_url for further searches, so wait for the person. If they see no picker, call again with in_browser.',
  }
}

export function pickedPhotoText({ address, image_url: handle, ...value }: PickedPhotoValue): string {
  const where = value.only_on_this_computer ? ' (opens only on the computer where this server runs)' : ''
  return [
    ...(address === undefined ? [] : [`page for one photo${where}: ${address}`]),
    ...(handle === undefined ? [] : [`image_url: ${handle}`]),
    ...(value.expires_at === undefined ? [] : [`open until ${value.expires_at}`]),
    `next: ${value.next}`,
  ].join('\n')
}
