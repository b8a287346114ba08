import { button, h } from '../parts/dom.ts'
import { createCropBox } from './crop-box.ts'
import type { PickerLabels } from './labels.ts'
import { openPhoto, toJpeg, WHOLE } from './photo.ts'
import { guessCrop } from './salient.ts'

/** Longer side of a photo among several, in pixels. */
const THUMB_SIDE = 96

/** A photo as the person wants it to be sent. */
export interface Preview {
  /** Shows it, with its crop. */
  element: HTMLElement
  /** What can be done with it. */
  buttons: HTMLElement[]
  thumbnail(): Node
  toBlob(): Promise<Blob>
}

export interface PreviewOptions {
  labels: PickerLabels
  /** Longer side of the picture that is sent, in pixels. */
  sentSide: number
  /** Of a file that is sent as it is, because the browser cannot decode it. */
  maxBytes: number
}

/** Resolves to what is wrong with a file that is not to be sent. */
export async function createPreview(
  file: File,
  { labels, sentSide, maxBytes }: PreviewOptions,
): Promise<Preview | string> {
  const photo = await openPhoto(file)
  if (photo === null) {
    if (!file.type.startsWith('image/') && !/\.(?:heic|heif|tiff?|bmp|avif)$/i.test(file.name))
      return labels.notAPicture
    if (file.size > maxBytes) return labels.tooLarge(maxBytes / 1e6)
    const element = h('p', {}, labels.unseen(file.name))
    return { element, buttons: [], thumbnail: () => new Text(file.name), toBlob: async () => file }
  }
  const { canvas } = photo
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', labels.preview)
  const box = createCropBox(canvas, labels.crop)
  const guess = () => box.set(guessCrop(canvas))
  guess()
  const turn = () => {
    photo.turn()
    guess()
  }
  return {
    element: h('div', {}, box.element, h('p', { class: 'hint' }, labels.cropHint)),
    buttons: [button('button', labels.turn, turn), button('button', labels.whole, () => box.set(WHOLE))],
    thumbnail: () => photo.cut(box.crop, THUMB_SIDE),
    toBlob: async () => (await toJpeg(photo.cut(box.crop, sentSide))) ?? file,
  }
}
