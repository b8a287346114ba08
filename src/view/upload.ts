/** The page that takes one photo in a browser, for hosts that show no pages of their own. */
import { h } from './parts/dom.ts'
import { isChinese } from './parts/locale.ts'
import type {} from './picker/start.ts'

/** Longer side of what is sent, in pixels: more than the matcher looks at. */
const SENT_SIDE = 1024

/** What the server takes. */
const MAX_BYTES = 25_000_000

function start(main: HTMLElement, { createPicker, pickerLabelsOf }: NonNullable<Window['picker']>): void {
  const locale = new URLSearchParams(location.search).get('lang') ?? navigator.language
  const labels = pickerLabelsOf(locale)
  const root = document.documentElement
  root.lang = isChinese(locale) ? 'zh-CN' : 'en'
  if (matchMedia('(prefers-color-scheme: dark)').matches) root.dataset.theme = 'dark'
  document.title = labels.title
  const show = (...content: readonly Node[]) => main.replaceChildren(h('h1', {}, labels.title), ...content)

  const send = async ([photo]: readonly Blob[]): Promise<string | null> => {
    if (photo === undefined) return labels.failed
    const answer = await fetch(location.href, {
      method: 'POST',
      body: photo,
      headers: { 'content-type': photo.type || 'application/octet-stream' },
    }).catch(() => null)
    if (answer?.ok) {
      show(h('p', { role: 'status' }, labels.sent))
      return null
    }
    if (answer?.status === 404) return labels.gone
    if (answer?.status === 413) return labels.tooLarge(MAX_BYTES / 1e6)
    return answer?.status === 422 ? labels.notAPicture : labels.failed
  }
  show(
    h('p', {}, labels.goesTo(location.host, root.dataset.key)),
    createPicker({ labels, onSend: send, sentSide: SENT_SIDE, most: 1, maxBytes: MAX_BYTES }),
  )
}

const main = document.getElementById('app')
if (main && window.picker) start(main, window.picker)
