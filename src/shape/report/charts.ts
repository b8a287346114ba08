/** Inline SVG, so that a report prints; the numbers are also in `aria-label` for screen readers. */
import { type Html, html } from '../text/html.ts'
import type { PlaceCount, PriceBin } from './figures.ts'
import type { Words } from './words.ts'

/** In SVG units; the page scales both charts. */
const WIDTH = 440

/** A histogram of unit prices. If the ranges do not fit under their bars, each bar shows where it begins. */
export function priceChart(bins: readonly PriceBin[], words: Words): Html {
  const height = 190
  const floor = height - 26
  const most = Math.max(...bins.map(bin => bin.offers))
  const slot = WIDTH / bins.length
  const isRoomy = bins.every(bin => rangeOf(bin).length * 9 < slot)
  // Eight-digit labels only fit under every second bar.
  const every = Math.ceil(Math.max(...bins.map(bin => startOf(bin).length * 8)) / slot)
  const bars = bins.map((bin, index) => {
    const size = (bin.offers / most) * (floor - 22)
    const middle = (index + 0.5) * slot
    const label = isRoomy ? rangeOf(bin) : index % every === 0 ? startOf(bin) : ''
    return html`<rect class="fill" x="${fixed(index * slot + 2)}" y="${fixed(floor - size)}" width="${fixed(slot - 4)}" height="${fixed(size)}" rx="2"/>
<text x="${fixed(middle)}" y="${fixed(floor - size - 5)}" text-anchor="middle">${bin.offers || ''}</text>
<text class="soft" x="${fixed(middle)}" y="${height - 8}" text-anchor="middle">${label}</text>`
  })
  const counts = bins.filter(bin => bin.offers > 0).map(bin => `${rangeOf(bin)} CNY: ${bin.offers}`)
  return chart(words.byPrice, counts.join('; '), height, [
    ...bars,
    html`<line class="axis" x1="0" x2="${WIDTH}" y1="${floor}" y2="${floor}"/>`,
  ])
}

export function placeChart(places: readonly PlaceCount[], words: Words): Html {
  const row = 24
  const left = 164
  const most = Math.max(...places.map(place => place.offers))
  const bars = places.map((place, index) => {
    const top = index * row
    const width = Math.max(2, (place.offers / most) * (WIDTH - left - 34))
    const name = place.kind === 'place' ? html`<tspan lang="zh-CN">${place.name}</tspan>` : nameOf(place, words)
    return html`<text x="0" y="${top + 16}">${name}</text>
<rect class="${place.kind === 'place' ? 'fill' : 'faint'}" x="${left}" y="${top + 5}" width="${fixed(width)}" height="14" rx="2"/>
<text x="${fixed(left + width + 7)}" y="${top + 16}">${place.offers}</text>`
  })
  const counts = places.map(place => `${nameOf(place, words)}: ${place.offers}`)
  return chart(words.byPlace, counts.join('; '), places.length * row + 2, bars)
}

function chart(title: string, words: string, height: number, parts: readonly Html[]): Html {
  return html`<figure><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}. ${words}">${parts}</svg></figure>`
}

function nameOf(place: PlaceCount, words: Words): string {
  if (place.kind === 'unknown') return words.unknownPlace
  return place.kind === 'others' ? words.otherPlaces : (place.name ?? '')
}

function startOf({ from, to }: PriceBin): string {
  return to === null ? `${from}+` : String(from)
}

function rangeOf({ from, to }: PriceBin): string {
  return to === null ? `${from}+` : `${from}–${to}`
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10)
}
