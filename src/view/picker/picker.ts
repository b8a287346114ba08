/** Takes photos of a product from a person: dropped, pasted, chosen or taken; turned and cropped before they are sent. */
import { button, h } from '../parts/dom.ts'
import { createPreview, type Preview, type PreviewOptions } from './preview.ts'

export interface PickerOptions extends PreviewOptions {
  /** How many photos of one product are taken. */
  most: number
  /** Resolves to what went wrong, or to `null` once the photos were taken. */
  onSend(photos: readonly Blob[]): Promise<string | null>
}

export function createPicker(options: PickerOptions): HTMLElement {
  const { labels, most, onSend } = options
  const problem = h('p', { class: 'problem', role: 'alert' })
  const stage = h('div', { class: 'stage' })
  const element = h('section', { class: 'picker' }, stage, problem)
  /** Photos that are ready, beside the one that is shown. */
  const kept: Preview[] = []
  let shown: Preview | null = null

  const show = () => {
    const send = button('button main', labels.send, () => void deliver(send))
    const buttons = [
      ...(shown?.buttons ?? []),
      ...(shown ? [button('button', labels.another, drop)] : []),
      ...(shown && kept.length + 1 < most ? [button('button', labels.add, keep)] : []),
      ...(shown || kept.length > 0 ? [send] : []),
    ]
    const thumbnails = kept.map(photo => {
      const remove = () => {
        kept.splice(kept.indexOf(photo), 1)
        show()
      }
      return h('li', {}, photo.thumbnail(), button('button', '×', remove, { 'aria-label': labels.remove }))
    })
    stage.replaceChildren(
      ...(thumbnails.length === 0 ? [] : [h('ul', { class: 'kept', 'aria-label': labels.kept }, ...thumbnails)]),
      shown?.element ?? choice(),
      h('div', { class: 'actions' }, ...buttons),
    )
    if (shown) send.focus()
  }
  const drop = () => {
    shown = null
    show()
  }
  const keep = () => {
    if (shown) kept.push(shown)
    drop()
  }
  const deliver = async (send: HTMLButtonElement) => {
    send.disabled = true
    send.textContent = labels.sending
    const photos = await Promise.all([...kept, ...(shown ? [shown] : [])].map(photo => photo.toBlob()))
    problem.textContent = (await onSend(photos)) ?? ''
    send.disabled = false
    send.textContent = labels.send
    send.focus()
  }
  const take = async (files: readonly File[]) => {
    problem.textContent = ''
    for (const [at, file] of files.slice(0, most - kept.length).entries()) {
      const preview = await createPreview(file, options)
      if (typeof preview === 'string') problem.textContent = preview
      else {
        if (at > 0 && shown) kept.push(shown)
        shown = preview
        show()
      }
    }
  }
  const choice = () => {
    const field = (isCamera: boolean) => {
      const input = h('input', {
        type: 'file',
        accept: 'image/*,.heic,.heif',
        multiple: most > 1 && !isCamera,
        ...(isCamera && { capture: 'environment' }),
      })
      input.addEventListener('change', () => void take([...(input.files ?? [])]))
      const className = isCamera || kept.length > 0 ? 'button' : 'button main'
      return h('label', { class: className }, isCamera ? labels.camera : labels.choose, input)
    }
    return h('div', { class: 'drop' }, h('p', {}, labels.intro), field(false), field(true))
  }

  const receive = (transfer: DataTransfer | null) => {
    if (element.isConnected) void take([...(transfer?.files ?? [])])
  }
  // A file that is dropped beside the picker would replace the page.
  document.addEventListener('dragover', event => event.preventDefault())
  document.addEventListener('drop', event => {
    event.preventDefault()
    receive(event.dataTransfer)
  })
  document.addEventListener('paste', event => receive(event.clipboardData))
  show()
  return element
}
