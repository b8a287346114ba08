/** Takes a photo from a person: dropped, pasted, chosen or taken; turned and cropped before it is sent. */
import { button, h } from '../parts/dom.ts'
import { createCropBox } from './crop-box.ts'
import type { PickerLabels } from './labels.ts'
import { openPhoto, type Photo, WHOLE } from './photo.ts'
import { guessCrop } from './salient.ts'

export interface PickerOptions {
  labels: PickerLabels
  /** Longer side of the picture that is sent, in pixels. */
  sentSide: number
  /** Of a file that is sent as it is, because the browser cannot decode it. */
  maxBytes: number
  /** Resolves to what went wrong, or to `null` once the photo was taken. */
  onSend(photo: Blob): Promise<string | null>
}

export function createPicker({ labels, sentSide, maxBytes, onSend }: PickerOptions): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const stage = h('div', { class: 'stage' })
  const element = h('section', { class: 'picker' }, stage, problem)

  const take = async (file: Blob | null | undefined, name: string) => {
    if (!file) return
    problem.textContent = ''
    const photo = await openPhoto(file)
    const isNamedPicture = file.type.startsWith('image/') || /\.(?:heic|heif|tiff?|bmp|avif)$/i.test(name)
    if (photo === null && !isNamedPicture) problem.textContent = labels.notAPicture
    else if (photo === null && file.size > maxBytes) problem.textContent = labels.tooLarge(maxBytes / 1e6)
    else {
      stage.replaceChildren(previewOf(photo, file, name))
      stage.querySelector<HTMLElement>('.main')?.focus()
    }
  }
  const showChoice = () => stage.replaceChildren(choiceOf())

  const choiceOf = () => {
    const field = (camera: boolean) => {
      const input = h('input', {
        type: 'file',
        accept: 'image/*,.heic,.heif',
        ...(camera && { capture: 'environment' }),
      })
      input.addEventListener('change', () => void take(input.files?.[0], input.files?.[0]?.name ?? ''))
      return h('label', { class: camera ? 'button' : 'button main' }, camera ? labels.camera : labels.choose, input)
    }
    return h('div', { class: 'drop' }, h('p', {}, labels.intro), field(false), field(true))
  }

  const previewOf = (photo: Photo | null, file: Blob, name: string) => {
    const box = photo && createCropBox(photo.canvas, labels.crop)
    if (photo) box?.set(guessCrop(photo.canvas))
    const send = button('button main', labels.send, () => void deliver())
    const deliver = async () => {
      send.disabled = true
      send.textContent = labels.sending
      problem.textContent = (await onSend((await photo?.toJpeg(box?.crop ?? WHOLE, sentSide)) ?? file)) ?? ''
      send.disabled = false
      send.textContent = labels.send
      send.focus()
    }
    const turn = () => {
      photo?.turn()
      if (photo) box?.set(guessCrop(photo.canvas))
    }
    photo?.canvas.setAttribute('role', 'img')
    photo?.canvas.setAttribute('aria-label', labels.preview)
    return h(
      'div',
      { class: 'preview' },
      box ? box.element : h('p', {}, labels.unseen(name)),
      box && h('p', { class: 'hint' }, labels.cropHint),
      h(
        'div',
        { class: 'actions' },
        photo && button('button', labels.turn, turn),
        box && button('button', labels.whole, () => box.set(WHOLE)),
        button('button', labels.another, showChoice),
        send,
      ),
    )
  }

  const takeFirst = (files: FileList | undefined) => {
    const file = files?.[0]
    if (element.isConnected) void take(file, file?.name ?? '')
  }
  // A file that is dropped beside the picker would replace the page.
  document.addEventListener('dragover', event => event.preventDefault())
  document.addEventListener('drop', event => {
    event.preventDefault()
    takeFirst(event.dataTransfer?.files)
  })
  document.addEventListener('paste', event => takeFirst(event.clipboardData?.files))
  showChoice()
  return element
}
