/** Opens a page on which a person sends the photo to search with. */
import type { PickedPage } from '../../offers/results/results.ts'
import type { PickedPhotos } from '../../pictures/upload/picked-photos.ts'

export interface PickPhotoRequest {
  /** Of the server's public address; `null` for a page on the computer of a server with one user. */
  origin: string | null
}

export interface PickPhotoDeps {
  photos: PickedPhotos
}

export function createPickPhoto({ photos }: PickPhotoDeps) {
  return async function pickPhoto({ origin }: PickPhotoRequest): Promise<PickedPage> {
    return photos.open(origin)
  }
}
