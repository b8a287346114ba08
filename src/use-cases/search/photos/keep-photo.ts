/** Keeps a photo that a person has picked in a page of ours, so that it can be searched with by its handle. */
import { type AppError, invalidInput } from '../../../errors.ts'
import type { DecoderPool } from '../../../pictures/decoder/pool.ts'
import type { PictureReader } from '../../../pictures/reader.ts'
import type { PickedPhotos } from '../../../pictures/upload/picked-photos.ts'
import type { CallOptions } from '../../../upstream-calls/call-options.ts'

export interface KeepPhotoRequest {
  /** A data: URL. */
  photo: string
}

export interface KeepPhotoDeps {
  photos: PickedPhotos
  pictureReader: PictureReader
  decoder: DecoderPool
}

export function createKeepPhoto({ photos, pictureReader, decoder }: KeepPhotoDeps) {
  /** @returns its handle. */
  return async function keepPhoto({ photo }: KeepPhotoRequest, { signal }: CallOptions): Promise<string> {
    if (!photo.startsWith('data:')) throw notAPhoto()
    const { bytes } = await pictureReader.read(photo, signal)
    return photos.keep(await decoder.redraw(bytes, { owner: 'caller', signal }))
  }
}

function notAPhoto(): AppError {
  return invalidInput(
    'photo is not a data: URL.',
    'Only the photo picker calls this tool; search_by_image takes addresses and paths.',
  )
}
