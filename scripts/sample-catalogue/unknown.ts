/** Owns eight pictures of things that no offer sells, for the case where nothing should match. */
import sharp from 'sharp'
import { FRAME, finish } from './post.ts'
import { createRandom, type Random } from './random.ts'

const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="720" viewBox="0 0 360 360">${body}</svg>`

const fade = (id: string, top: string, bottom: string): string =>
  `<linearGradient id="${id}" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`

const blur = (id: string, amount: number): string =>
  `<filter id="${id}" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${amount}"/></filter>`

const rough = (id: string, frequency: string, matrix: string): string =>
  `<filter id="${id}" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="8"/><feColorMatrix values="${matrix}"/></filter>`

function ridge(random: Random, base: number, height: number): string {
  const points = Array.from(
    { length: 37 },
    (_, i) => `${i * 10} ${base - Math.abs(Math.sin(i * 0.35 + base)) * height - random.range(0, height * 0.25)}`,
  )
  return `M0 360L0 ${base}L${points.join('L')}L360 360Z`
}

const landscape = (random: Random): string =>
  svg(
    `<defs>${fade('sky', '#5f8fc4', '#f6d9b8')}${fade('lake', '#9fb4c4', '#2f4a5c')}${blur('b', 1.2)}${rough('r', '0.02 0.09', '0 0 0 0 0.2 0 0 0 0 0.3 0 0 0 0 0.35 1.6 0 0 0 -0.6')}</defs><rect width="360" height="360" fill="url(#sky)"/><circle cx="250" cy="130" r="22" fill="#fff3d0" filter="url(#b)"/>${[
      ['#8d9fb8', 170, 70],
      ['#66809a', 195, 55],
      ['#3f5a63', 215, 36],
      ['#263d3c', 235, 18],
    ]
      .map(
        ([fill, base, height]) =>
          `<path d="${ridge(random, Number(base), Number(height))}" fill="${fill}" filter="url(#b)"/>`,
      )
      .join(
        '',
      )}<rect y="235" width="360" height="125" fill="url(#lake)"/><rect y="235" width="360" height="125" filter="url(#r)" opacity="0.5"/><path d="M0 330Q90 300 180 336T360 318V360H0Z" fill="#1d2b22"/>`,
  )

const catFace = (random: Random): string => {
  const fur = Array.from({ length: 1500 }, () => {
    const [angle, r] = [random.range(0, 6.283), Math.sqrt(random.next()) * 118]
    const [x, y] = [180 + r * Math.cos(angle), 195 + r * 0.9 * Math.sin(angle)]
    return `<path d="M${x} ${y}l${Math.cos(angle) * 13 + random.range(-3, 3)} ${Math.sin(angle) * 13 + 3}" stroke="${random.pick(['#c98d52', '#e0ad72', '#a06a38', '#f0cfa4'])}" stroke-width="1.6" stroke-opacity="0.7"/>`
  }).join('')
  const eye = (x: number): string =>
    `<ellipse cx="${x}" cy="178" rx="25" ry="21" fill="#2a1c10"/><ellipse cx="${x}" cy="178" rx="22" ry="19" fill="#b7c25a"/><ellipse cx="${x}" cy="178" rx="8" ry="18" fill="#0d0b08"/><circle cx="${x + 7}" cy="170" r="5" fill="#fff"/>`
  const ear = (s: number): string =>
    `<path d="M${180 + s * 105} 150L${180 + s * 112} 50L${180 + s * 40} 100Z" fill="#b67b43"/><path d="M${180 + s * 96} 130L${180 + s * 102} 72L${180 + s * 58} 104Z" fill="#d9a08c"/>`
  return svg(
    `<defs>${fade('w', '#8fa39a', '#4d5a52')}${blur('b', 14)}</defs><rect width="360" height="360" fill="url(#w)"/><circle cx="70" cy="90" r="50" fill="#cfd8bf" filter="url(#b)"/><ellipse cx="180" cy="340" rx="150" ry="90" fill="#b67b43"/>${ear(1)}${ear(-1)}<ellipse cx="180" cy="195" rx="122" ry="110" fill="#c58a4e"/>${fur}${eye(130)}${eye(230)}<ellipse cx="180" cy="252" rx="50" ry="34" fill="#f3dfc4"/><path d="M166 226H194L180 242Z" fill="#c9807a"/><path d="M180 242V254Q166 268 152 258M180 254Q194 268 208 258" fill="none" stroke="#5a3a26" stroke-width="3"/><path d="M130 244L40 228M130 254L36 262M230 244L320 228M230 254L324 262" stroke="#fff" stroke-width="1.6"/>`,
  )
}

const map = (random: Random): string => {
  const roads = Array.from({ length: 16 }, (_, i) => {
    const [x, y] = [random.range(-20, 360), random.range(-20, 360)]
    const path =
      i % 2
        ? `M${x} -10Q${random.range(0, 360)} 180 ${random.range(0, 360)} 370`
        : `M-10 ${y}Q180 ${random.range(0, 360)} 370 ${random.range(0, 360)}`
    return `<path d="${path}" fill="none" stroke="#c9b98f" stroke-width="${i < 4 ? 11 : 6}"/><path d="${path}" fill="none" stroke="${i < 4 ? '#f5d77a' : '#ffffff'}" stroke-width="${i < 4 ? 8 : 4}"/>`
  })
  const lots = Array.from(
    { length: 60 },
    () =>
      `<rect x="${random.range(0, 340)}" y="${random.range(0, 340)}" width="${random.range(8, 26)}" height="${random.range(8, 20)}" fill="#dcd3c3"/>`,
  )
  return svg(
    `<rect width="360" height="360" fill="#ece7da"/><path d="M-10 250Q80 190 150 240T370 170V240Q260 250 170 300T-10 320Z" fill="#9cc6dd"/><circle cx="270" cy="80" r="56" fill="#bcd9a2"/><ellipse cx="60" cy="110" rx="46" ry="60" fill="#c7dfb0"/>${lots.join('')}${roads.join('')}<path d="M180 150c-20 0-26 22 0 46c26-24 20-46 0-46z" fill="#d43c2f"/><path d="M120 0V360M240 0V360M0 120H360M0 240H360" stroke="#8d8672" stroke-opacity="0.35"/>`,
  )
}

const page = (random: Random): string => {
  const lines = Array.from({ length: 22 }, (_, row) => {
    let x = 34
    let words = ''
    const end = row % 7 === 6 ? 170 : 320
    while (x < end) {
      const width = random.range(10, 34)
      words += `<rect x="${x}" y="${60 + row * 12.5}" width="${Math.min(width, end - x)}" height="4.6" rx="1" fill="#33312d" fill-opacity="${random.range(0.65, 0.9)}"/>`
      x += width + 5
    }
    return words
  })
  return svg(
    `<defs>${fade('p', '#f7f3e6', '#d9d0ba')}</defs><rect width="360" height="360" fill="url(#p)"/><rect x="34" y="28" width="180" height="13" fill="#222"/>${lines.join('')}<rect width="26" height="360" fill="#8f8468" fill-opacity="0.35"/>`,
  )
}

const dusk = (): string =>
  svg(`<defs>${fade('g', '#26306b', '#f4b58d')}</defs><rect width="360" height="360" fill="url(#g)"/>`)

const staticNoise = (): string =>
  svg(
    `<defs>${rough('n', '0.09', '4 0 0 0 -1.5 0 4 0 0 -1.5 0 0 4 0 -1.5 0 0 0 0 1')}</defs><rect width="360" height="360" filter="url(#n)"/>`,
  )

const building = (random: Random): string => {
  const floors = Array.from({ length: 10 }, (_, row) =>
    Array.from({ length: 7 }, (_, column) => {
      const y = 48 + row * 31 + column * 3
      return `<rect x="${92 + column * 30}" y="${y}" width="20" height="21" fill="${random.pick(['#3f566b', '#8fb0c6', '#56728a', '#f2d99a'])}"/><rect x="${90 + column * 30}" y="${y + 21}" width="24" height="3" fill="#7d7264"/>`
    }).join(''),
  )
  return svg(
    `<defs>${fade('s', '#7fb0de', '#dfeaf2')}${blur('b', 9)}</defs><rect width="360" height="360" fill="url(#s)"/><ellipse cx="70" cy="70" rx="80" ry="22" fill="#fff" filter="url(#b)"/><ellipse cx="310" cy="40" rx="70" ry="18" fill="#fff" filter="url(#b)"/><path d="M80 24L306 48V360H80Z" fill="#c9b59a"/><path d="M80 24L30 60V360H80Z" fill="#8d7b66"/>${floors.join('')}<path d="M0 340H360V360H0Z" fill="#5d5f63"/><circle cx="36" cy="320" r="34" fill="#4f7a45"/><circle cx="330" cy="326" r="30" fill="#5d8a50"/>`,
  )
}

const leafClose = (): string => {
  const veins = Array.from({ length: 11 }, (_, i) => {
    const [x, y] = [20 + i * 32, 340 - i * 30]
    return `<path d="M${x} ${y}Q${x + 10} ${y - 90} ${x + 80} ${y - 170}M${x} ${y}Q${x + 90} ${y - 14} ${x + 170} ${y + 30}" fill="none" stroke="#c6dc8a" stroke-width="3.5" stroke-opacity="0.75"/>`
  })
  return svg(
    `<defs>${fade('l', '#7fb04a', '#2c6b2c')}${rough('n', '0.06', '0 0 0 0 0.1 0 0 0 0 0.25 0 0 0 0 0.05 1.8 0 0 0 -0.7')}</defs><rect width="360" height="360" fill="url(#l)"/><rect width="360" height="360" filter="url(#n)" opacity="0.55"/>${veins.join('')}<path d="M-10 368L370 8" stroke="#d6e6a0" stroke-width="9"/><circle cx="120" cy="120" r="13" fill="#fff" fill-opacity="0.4"/><circle cx="116" cy="115" r="4" fill="#fff"/><circle cx="260" cy="210" r="9" fill="#fff" fill-opacity="0.4"/><circle cx="257" cy="207" r="3" fill="#fff"/>`,
  )
}

const DRAWINGS: Record<string, (random: Random) => string> = {
  landscape,
  'cat-face': catFace,
  map,
  'text-page': page,
  gradient: dusk,
  noise: staticNoise,
  building,
  'leaf-close-up': leafClose,
}

export async function drawUnknown(): Promise<Map<string, Buffer>> {
  const out = new Map<string, Buffer>()
  for (const [name, draw] of Object.entries(DRAWINGS)) {
    const random = createRandom(`unknown/${name}`)
    const size = FRAME * 2
    const pixels = await sharp(Buffer.from(draw(random)))
      .resize(size, size)
      .flatten()
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer()
    out.set(`${name}.webp`, await finish(pixels, size, { warmth: 0.01, softness: 0.7 }, random))
  }
  return out
}
