/** Waits for the photo of a page that a person has just opened. */
import type { PickedPhotos } from '../../../pictures/upload/picked-photos.ts'
import type { CallOptions } from '../../../upstream-calls/call-options.ts'

export interface AwaitPhotoRequest {
  handle: string
}

export interface AwaitPhotoDeps {
  photos: PickedPhotos
}

export function createAwaitPhoto({ photos }: AwaitPhotoDeps) {
  return async function awaitPhoto({ handle }: AwaitPhotoRequest, { signal }: CallOptions): Promise<boolean> {
    return photos.waitFor(handle, signal)
  }
}
