import * as z from 'zod'
import type { PickedPage } from '../offers/results/results.ts'

export const pickedPhotoSchema = z.object({
  address: z.string(),
  image_url: z.string(),
  expires_at: z.string(),
  only_on_this_computer: z.boolean(),
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

export function pickedPhotoText(value: PickedPhotoValue): string {
  const where = value.only_on_this_computer ? ' (opens only on the computer where this server runs)' : ''
  return [
    `page for one photo${where}: ${value.address}`,
    `image_url: ${value.image_url}`,
    `open until ${value.expires_at}`,
    `next: ${value.next}`,
  ].join('\n')
}
