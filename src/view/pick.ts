/**
 * The photo picker. In the page of the grid it searches through the host, so that no byte passes the model; the page for
 * a photo sends what was picked to the server.
 */
import type { Host, ToolResult } from './bridge/host.ts'
import { h } from './parts/dom.ts'
import { pickerLabelsOf } from './picker/labels.ts'
import { createPicker } from './picker/picker.ts'
import type { PhotoSearchDeps } from './picker/start.ts'
import type { GridPage } from './replies/offers.ts'

/** Longer side of what is sent, in pixels: more than the matcher looks at, and small enough for every host. */
const SENT_SIDE = 768

/** Of a photo that the browser cannot decode, which is sent as it is. As base64 it has to fit in a message. */
const MAX_BYTES = 10_000_000

/** Photos of one product. */
const MOST_PHOTOS = 4

/** Offers that the model is told of. */
const TOLD_OFFERS = 5

function createPhotoSearch({ host, locale, onFound, back, readPage, wordOf, problem }: PhotoSearchDeps): HTMLElement[] {
  const labels = pickerLabelsOf(locale)
  const onSend = async (files: readonly Blob[]): Promise<string | null> => {
    const photos = await Promise.all(files.map(dataUrlOf))
    const result = await search(host, photos)
    const page = readPage(result.structured)
    if (page === null) return problem(result)
    const told = toldOf(page, wordOf)
    host.tell(told)
    onFound({ result, photos, told })
    return null
  }
  const picker = createPicker({ labels, onSend, sentSide: SENT_SIDE, most: MOST_PHOTOS, maxBytes: MAX_BYTES })
  return [h('header', {}, h('h1', { class: 'head' }, labels.search), back), h('div', { class: 'pick' }, picker)]
}

/** A host may draw the page and not pass on the tool that is meant for it. */
async function search(host: Host, photos: readonly string[]): Promise<ToolResult> {
  const result = await host.callTool('search_photo', { photos })
  const [image_url, ...more_image_urls] = photos
  return result.isRefused
    ? host.callTool('search_by_image', { image_url, more_image_urls, response_format: 'detailed' })
    : result
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
function toldOf({ offers, totalFound, handles }: GridPage, wordOf: PhotoSearchDeps['wordOf']): string {
  const [handle, ...more] = handles
  const best = offers
    .slice(0, TOLD_OFFERS)
    .map(({ offerId, likeness, lowPrice }) =>
      [offerId, likeness && wordOf(likeness), lowPrice === null ? null : `from ${lowPrice} CNY`]
        .filter(fact => fact)
        .join(', '),
    )
  return [
    `The person picked a photo in the photo picker, which searched 1688 with it: ${offers.length} of ${totalFound ?? offers.length} offers are shown to them.`,
    ...(best.length === 0 ? [] : [`Best: ${best.join('; ')}.`]),
    ...(handle === undefined ? [] : [`image_url of this photo, for further searches: ${handle}`]),
    ...(more.length === 0 ? [] : [`more_image_urls: ${more.join(', ')}`]),
  ].join('\n')
}

window.picker = { createPhotoSearch, createPicker, pickerLabelsOf }
