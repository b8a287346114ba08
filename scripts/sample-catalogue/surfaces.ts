/** Owns the drawn surfaces and views that settings are put together from: wood, stone, cloth, rooms and lights. */
import { createRandom } from './random.ts'
import { shadeHex } from './vector.ts'

export const svg = (body: string, size = 512): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">${body}</svg>`

let filters = 0

/** A sheet of turbulence whose values run from the dark to the light colour. */
export function grain(
  dark: string,
  light: string,
  frequency: string,
  octaves: number,
  contrast: number,
  extra = '',
): string {
  filters += 1
  const channel = (hex: string, from: number): number => Number.parseInt(hex.slice(from, from + 2), 16) / 255
  const row = (from: number): string => {
    const [lo, hi] = [channel(dark, from), channel(light, from)]
    const slope = (hi - lo) * contrast
    return `${slope} 0 0 0 ${(lo + hi) / 2 - slope / 2}`
  }
  return `<filter id="g${filters}" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="${octaves}" seed="${octaves * 7 + contrast}" stitchTiles="stitch"/><feColorMatrix values="${row(1)} ${row(3)} ${row(5)} 0 0 0 0 1"/></filter><rect width="512" height="512" filter="url(#g${filters})" ${extra}/>`
}

const planks = (count: number, line: string): string =>
  Array.from({ length: count }, (_, i) => {
    const y = (i * 512) / count
    return `<rect y="${y}" width="512" height="${512 / count}" fill="${line}" fill-opacity="${((i * 37) % 17) / 120}"/><rect y="${y}" width="512" height="2.5" fill="${line}" fill-opacity="0.75"/>`
  }).join('')

export const wood = (dark: string, light: string, line: string, count = 4): string =>
  svg(grain(dark, light, '0.004 0.075', 4, 2.4) + planks(count, line))

export const stone = (dark: string, light: string, contrast = 1.6): string =>
  svg(grain(dark, light, '0.006 0.009', 5, contrast))

export const marble = (base: string, vein: string): string => {
  const random = createRandom(`marble${base}`)
  const veins = Array.from({ length: 9 }, () => {
    const [x, y] = [random.range(-60, 520), random.range(-60, 520)]
    const bend = (): string => `${random.range(-90, 90)} ${random.range(20, 70)}`
    return `<path d="M${x} ${y}q${bend()} 60 90t80 50t40 90" fill="none" stroke="${vein}" stroke-width="${random.range(0.8, 5)}" stroke-opacity="${random.range(0.12, 0.4)}"/>`
  })
  return svg(grain(shadeHex(base, 0.9), base, '0.005 0.008', 4, 1.6) + veins.join(''))
}

export const cloth = (base: string, folds = 0.9): string =>
  svg(
    grain(shadeHex(base, folds), base, '0.004 0.012', 3, 1.8) +
      `<g opacity="0.28">${grain(shadeHex(base, 0.6), base, '0.5 0.05', 2, 1.8)}</g><g style="mix-blend-mode:multiply" opacity="0.3">${grain(shadeHex(base, 0.6), '#ffffff', '0.05 0.5', 2, 1.8)}</g>`,
  )

export const grass = (dark: string, light: string): string => svg(grain(dark, light, '0.11 0.07', 4, 2.2))

export const tiles = (base: string, joint: string): string => {
  const lines = [0, 128, 256, 384].map(
    k => `<path d="M${k} 0V512M0 ${k}H512" stroke="${joint}" stroke-width="5" fill="none"/>`,
  )
  return svg(grain(shadeHex(base, 0.93), base, '0.01', 3, 1.5) + lines.join(''))
}

export const gradient = (top: string, bottom: string, side: string): string =>
  svg(
    `<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient><radialGradient id="b" cx="0.72" cy="0.3" r="0.7"><stop stop-color="#fff" stop-opacity="0.4"/><stop offset="1" stop-color="${side}" stop-opacity="0.12"/></radialGradient></defs><rect width="512" height="512" fill="url(#a)"/><rect width="512" height="512" fill="url(#b)"/>`,
  )

export const bokeh = (top: string, bottom: string, spots: readonly string[], seed: string): string => {
  const random = createRandom(seed)
  const circles = Array.from(
    { length: 46 },
    () =>
      `<circle cx="${random.range(0, 512)}" cy="${random.range(0, 360)}" r="${random.range(14, 48)}" fill="${random.pick(spots)}" fill-opacity="${random.range(0.15, 0.6)}"/>`,
  )
  return svg(
    `<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs><rect width="512" height="512" fill="url(#a)"/>${circles.join('')}`,
  )
}

export const room = (wall: string, sofa: string, wooden: string, plant: string): string =>
  svg(
    `<rect width="512" height="512" fill="${wall}"/><rect x="330" y="20" width="150" height="190" fill="#f7f8f5"/><rect x="398" y="20" width="10" height="190" fill="${wooden}"/><rect x="20" y="60" width="110" height="90" fill="${wooden}"/><rect x="30" y="70" width="90" height="70" fill="${shadeHex(wall, 0.8)}"/><rect x="-20" y="240" width="260" height="160" rx="30" fill="${sofa}"/><rect x="30" y="215" width="90" height="90" rx="18" fill="${shadeHex(sofa, 1.35)}"/><rect y="390" width="512" height="130" fill="${shadeHex(wooden, 0.8)}"/><ellipse cx="300" cy="230" rx="42" ry="90" fill="${plant}"/><ellipse cx="340" cy="200" rx="30" ry="70" fill="${shadeHex(plant, 0.8)}"/><rect x="282" y="310" width="56" height="70" fill="#d9cfc0"/>`,
  )

export const shelves = (wooden: string, goods: readonly string[], seed: string): string => {
  const random = createRandom(seed)
  const rows = [0, 1, 2].map(row => {
    const boxes = Array.from({ length: 8 }, (_, i) => {
      const height = random.range(60, 130)
      return `<rect x="${i * 66 + random.range(-6, 6)}" y="${(row + 1) * 165 - height - 16}" width="${random.range(36, 60)}" height="${height}" rx="8" fill="${random.pick(goods)}"/>`
    })
    return `${boxes.join('')}<rect y="${(row + 1) * 165 - 16}" width="512" height="18" fill="${wooden}"/>`
  })
  return svg(`<rect width="512" height="512" fill="${shadeHex(wooden, 0.55)}"/>${rows.join('')}`)
}
