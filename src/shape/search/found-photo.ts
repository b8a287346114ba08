/** What a search found for a photo that a person has picked. */
import * as z from 'zod'
import type { SearchResult } from '../../offers/results/results.ts'
import { searchSchema } from './schema.ts'
import { searchText, shapeSearch } from './search.ts'

/** The photos can be searched with again. */
export const foundPhotoSchema = searchSchema.extend({
  image_url: z.string(),
  more_image_urls: z.array(z.string()).optional(),
})

export type FoundPhotoValue = z.output<typeof foundPhotoSchema>

export function shapeFoundPhoto(result: SearchResult, handle: string, more: readonly string[] = []): FoundPhotoValue {
  const found = { ...shapeSearch(result, 'concise'), image_url: handle }
  return more.length === 0 ? found : { ...found, more_image_urls: [...more] }
}

export function foundPhotoText(value: FoundPhotoValue): string {
  return `${searchText(value)}\nimage_url: ${value.image_url} (of this photo, for further searches within 30 min)`
}
