/**
 * The photo picker. In the page of the grid it searches through the host, so that no byte passes the model; the page for
 * a photo sends what was picked to the server.
 */
import type { Host, ToolResult } from './bridge/host.ts'
import { asObject, asText, asTexts, type Json } from './bridge/json.ts'
import { button, h } from './parts/dom.ts'
import { pickerLabelsOf } from './picker/labels.ts'
import { createPicker } from './picker/picker.ts'
import type { PhotoPicker, PhotoPickerDeps } from './picker/start.ts'
import type { GridPage } from './replies/offers.ts'

/** Longer side of what is sent, in pixels: more than the matcher looks at, and small enough for every host. */
const SENT_SIDE = 768

/** Of a photo that the browser cannot decode, which is sent as it is. As base64 it has to fit in a message. */
const MAX_BYTES = 10_000_000

/** Photos of one product. */
const MOST_PHOTOS = 4

/** Offers that the model is told of. */
const TOLD_OFFERS = 5

function createPhotoPicker({ host, locale, readPage, onFound, onAgain }: PhotoPickerDeps): PhotoPicker {
  const labels = pickerLabelsOf(locale)
  const used = h('span')
  const onSend = async (photos: readonly Blob[]): Promise<string | null> => {
    const data = await Promise.all(photos.map(dataUrlOf))
    const result = await search(host, data).catch(() => null)
    const page = result === null || result.isError ? null : readPage(result.structured)
    if (result === null || page === null) return result?.text || labels.failed
    const told = toldOf(page, asObject(result.structured))
    host.updateModelContext(told)
    used.replaceChildren(...data.map(src => h('img', { src, alt: labels.used })))
    onFound(result, told)
    return null
  }
  const picker = createPicker({ labels, onSend, sentSide: SENT_SIDE, most: MOST_PHOTOS, maxBytes: MAX_BYTES })
  return {
    element: h('div', { class: 'pick' }, h('h1', {}, labels.search), picker),
    again: h('div', { class: 'again' }, used, button('button', labels.another, onAgain)),
  }
}

/** A host may draw the page and not pass on the tool that is meant for it. */
function search(host: Host, photos: readonly string[]): Promise<ToolResult> {
  const [image_url, ...more_image_urls] = photos
  return host
    .callTool('search_photo', { photos })
    .catch(() => host.callTool('search_by_image', { image_url, more_image_urls, response_format: 'detailed' }))
}

function dataUrlOf(photo: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(photo)
  })
}

/** In English, as models read it, and without the sellers' texts. */
function toldOf({ offers, totalFound }: GridPage, reply: Json): string {
  const [handle, more] = [asText(reply.image_url), asTexts(reply.more_image_urls)]
  const best = offers
    .slice(0, TOLD_OFFERS)
    .map(({ offerId, likeness, lowPrice }) =>
      [offerId, likeness && WORDS[likeness], lowPrice === null ? null : `from ${lowPrice} CNY`]
        .filter(fact => fact)
        .join(', '),
    )
  return [
    `The person picked a photo in the photo picker, which searched 1688 with it: ${offers.length} of ${totalFound ?? offers.length} offers are shown to them.`,
    ...(best.length === 0 ? [] : [`Best: ${best.join('; ')}.`]),
    ...(handle === null ? [] : [`image_url of this photo, for further searches: ${handle}`]),
    ...(more.length === 0 ? [] : [`more_image_urls: ${more.join(', ')}`]),
  ].join('\n')
}

const WORDS = {
  same: 'same item',
  probably: 'probably the same item',
  similar: 'similar',
  unlike: 'not alike',
} as const

window.createPhotoPicker = createPhotoPicker
window.picker = { createPicker, pickerLabelsOf }
