/** Takes a photo from a person: dropped, pasted, chosen or taken; turned and cropped before it is sent. */
import { h } from '../parts/dom.ts'
import { createCropBox } from './crop-box.ts'
import type { PickerLabels } from './labels.ts'
import { openPhoto, type Photo, WHOLE } from './photo.ts'

/** What the server takes. */
const MAX_BYTES = 25_000_000

export interface PickerOptions {
  labels: PickerLabels
  /** Resolves to what went wrong, or to `null` once the photo was taken. */
  onSend(photo: Blob): Promise<string | null>
}

export function createPicker({ labels, onSend }: PickerOptions): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const stage = h('div', { class: 'stage' })
  const element = h('section', { class: 'picker' }, stage, problem)

  const take = async (file: Blob | null | undefined, name: string) => {
    if (!file) return
    problem.textContent = ''
    if (file.size > MAX_BYTES) {
      problem.textContent = labels.tooLarge
      return
    }
    const photo = await openPhoto(file)
    const isNamedPicture = file.type.startsWith('image/') || /\.(?:heic|heif|tiff?|bmp|avif)$/i.test(name)
    if (photo === null && !isNamedPicture) problem.textContent = labels.notAPicture
    else stage.replaceChildren(previewOf(photo, file, name))
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
    const box = photo && createCropBox(photo.canvas)
    const button = (label: string, className: string, onClick: () => void) => {
      const made = h('button', { type: 'button', class: className }, label)
      made.addEventListener('click', onClick)
      return made
    }
    const send = button(labels.send, 'button main', () => void deliver())
    const deliver = async () => {
      send.disabled = true
      send.textContent = labels.sending
      problem.textContent = (await onSend((await photo?.toJpeg(box?.crop ?? WHOLE)) ?? file)) ?? ''
      send.disabled = false
      send.textContent = labels.send
    }
    const turn = () => {
      photo?.turn()
      box?.reset()
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
        photo && button(labels.turn, 'button', turn),
        box && button(labels.whole, 'button', box.reset),
        button(labels.another, 'button', showChoice),
        send,
      ),
    )
  }

  element.addEventListener('dragover', event => event.preventDefault())
  element.addEventListener('drop', event => {
    event.preventDefault()
    const file = event.dataTransfer?.files[0]
    void take(file, file?.name ?? '')
  })
  document.addEventListener('paste', event => {
    const file = [...(event.clipboardData?.files ?? [])][0]
    void take(file, file?.name ?? '')
  })
  showChoice()
  return element
}
