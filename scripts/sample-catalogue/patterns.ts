/** Owns the repeating patterns printed on goods, each drawn as one SVG tile in two or three colours. */
import { createRandom, type Random } from './random.ts'

export type PatternName = keyof typeof PATTERNS
type Colors = { base: string; second: string; accent: string }
type Draw = (c: Colors, random: Random) => string

const SIZE = 256

const around = (x: number, y: number, body: string): string => {
  const copies: string[] = []
  for (const dx of [-SIZE, 0, SIZE]) {
    for (const dy of [-SIZE, 0, SIZE]) copies.push(`<g transform="translate(${x + dx} ${y + dy})">${body}</g>`)
  }
  return copies.join('')
}

const scatter = (random: Random, count: number, body: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => {
    const column = index % 3
    const row = Math.floor(index / 3)
    const rows = Math.ceil(count / 3)
    const x = (column + random.range(0.2, 0.8)) * (SIZE / 3)
    const y = (row + random.range(0.2, 0.8)) * (SIZE / rows)
    return around(x, y, `<g transform="rotate(${random.range(0, 360)})">${body(index)}</g>`)
  }).join('')

const blossom = (petal: string, heart: string, r: number): string =>
  `${[0, 72, 144, 216, 288]
    .map(
      angle => `<ellipse cx="0" cy="${-r}" rx="${r * 0.62}" ry="${r}" fill="${petal}" transform="rotate(${angle})"/>`,
    )
    .join('')}<circle r="${r * 0.5}" fill="${heart}"/>`

const star = (r: number, fill: string): string => {
  const points = Array.from({ length: 10 }, (_, i) => {
    const [radius, angle] = [i % 2 ? r * 0.42 : r, (i * Math.PI) / 5]
    return `${radius * Math.sin(angle)},${-radius * Math.cos(angle)}`
  })
  return `<polygon points="${points.join(' ')}" fill="${fill}"/>`
}

const bands = (count: number, fill: string, vertical: boolean, share = 0.5): string =>
  Array.from({ length: count }, (_, i) => {
    const step = SIZE / count
    return vertical
      ? `<rect x="${i * step}" width="${step * share}" height="256" fill="${fill}"/>`
      : `<rect y="${i * step}" height="${step * share}" width="256" fill="${fill}"/>`
  }).join('')

const leaf = (fill: string, vein: string): string =>
  `<path d="M0 -34 C20 -14 20 14 0 36 C-20 14 -20 -14 0 -34Z" fill="${fill}"/><path d="M0 -30V34M0 -8L11 -16M0 6L12 -3M0 -8L-11 -16M0 6L-12 -3" stroke="${vein}" stroke-width="2" fill="none"/>`

const PATTERNS = {
  plain: () => '',
  stripes: c => bands(4, c.second, true),
  pinstripe: c => bands(10, c.second, true, 0.14),
  hoops: c => bands(4, c.second, false),
  dots: c =>
    [
      [64, 64],
      [192, 192],
    ]
      .map(([x, y]) => around(x ?? 0, y ?? 0, `<circle r="30" fill="${c.second}"/>`))
      .join(''),
  check: c => `<g fill-opacity="0.55">${bands(3, c.second, true)}${bands(3, c.second, false)}</g>`,
  plaid: c =>
    `<g fill-opacity="0.6">${bands(1, c.second, true, 0.45)}${bands(1, c.second, false, 0.45)}</g><g fill-opacity="0.75" fill="${c.accent}"><rect x="172" width="12" height="256"/><rect y="172" height="12" width="256"/></g>`,
  floral: (c, random) =>
    scatter(random, 9, i =>
      i % 3 === 2 ? leaf('#6d8f5c', '#4e6b42') : blossom(i % 2 ? c.second : c.accent, '#f2d169', 17),
    ),
  leaves: (c, random) => scatter(random, 9, i => leaf(i % 2 ? c.second : c.accent, c.base)),
  stars: (c, random) => scatter(random, 9, i => star(i % 2 ? 26 : 18, i % 3 ? c.second : c.accent)),
  hearts: (c, random) =>
    scatter(
      random,
      9,
      i =>
        `<path d="M0 22C-34 -4 -20 -28 0 -12C20 -28 34 -4 0 22Z" fill="${i % 3 ? c.second : c.accent}" transform="scale(1.1)"/>`,
    ),
  waves: c =>
    [0, 64, 128, 192]
      .map(
        y =>
          `<path d="M0 ${y + 32}Q32 ${y + 2} 64 ${y + 32}T128 ${y + 32}T192 ${y + 32}T256 ${y + 32}" fill="none" stroke="${c.second}" stroke-width="15"/>`,
      )
      .join(''),
  geometric: c =>
    [0, 1, 2, 3]
      .flatMap(x =>
        [0, 1, 2, 3].map(y => {
          const [px, py] = [x * 64, y * 64]
          const fill = (x + y) % 2 ? c.second : c.accent
          return (x * 3 + y) % 2
            ? `<path d="M${px} ${py}h64v64z" fill="${fill}"/>`
            : `<path d="M${px} ${py}v64h64z" fill="${fill}"/>`
        }),
      )
      .join(''),
  speckle: (c, random) =>
    scatter(
      random,
      42,
      i => `<ellipse rx="${random.range(3, 10)}" ry="${random.range(2, 7)}" fill="${i % 3 ? c.second : c.accent}"/>`,
    ),
  camo: (c, random) =>
    scatter(
      random,
      12,
      i =>
        `<path d="M-60 0C-50 -40 -10 -20 10 -38C40 -50 70 -10 50 12C30 40 0 18 -20 34C-44 44 -66 26 -60 0Z" fill="${i % 2 ? c.second : c.accent}" transform="scale(${random.range(0.6, 1)})"/>`,
    ),
  splash: (c, random) =>
    `<g fill-opacity="0.7">${scatter(random, 9, i => `<path d="M-50 0C-30 -50 30 -44 48 -12C66 20 20 48 -10 40C-44 34 -60 20 -50 0Z" fill="${i % 2 ? c.second : c.accent}" transform="scale(${random.range(0.5, 1.2)})"/>`)}</g>`,
  badge: c =>
    `<circle cx="128" cy="128" r="46" fill="${c.second}"/><circle cx="128" cy="128" r="37" fill="none" stroke="${c.base}" stroke-width="5"/><path d="M104 142L122 106L134 128L144 114L156 142Z" fill="${c.accent}"/>`,
  letters: c =>
    `<g fill="none" stroke="${c.second}" stroke-width="11"><path d="M74 156V104L94 132L114 104V156M130 156V104H156M130 130H150M168 104H192M180 104V156"/></g><rect x="74" y="166" width="118" height="7" fill="${c.accent}"/>`,
  stamp: c =>
    `<path d="M128 70C170 74 196 110 180 148C166 184 100 192 76 156C56 122 84 70 128 70Z" fill="${c.second}"/><circle cx="112" cy="118" r="9" fill="${c.base}"/><circle cx="148" cy="118" r="9" fill="${c.base}"/><path d="M106 144Q130 168 154 144" fill="none" stroke="${c.accent}" stroke-width="9"/>`,
} satisfies Record<string, Draw>

export const patternSvg = (name: PatternName, colors: Colors): string => {
  const draw: Draw = PATTERNS[name]
  const body = draw(colors, createRandom(name))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="${colors.base}"/>${body}</svg>`
}

export const PATTERN_NAMES: Record<PatternName, string> = {
  plain: '纯色',
  stripes: '条纹',
  pinstripe: '细条纹',
  hoops: '横条纹',
  dots: '波点',
  check: '格子',
  plaid: '格纹',
  floral: '碎花',
  leaves: '树叶印花',
  stars: '星星',
  hearts: '爱心',
  waves: '波浪纹',
  geometric: '几何',
  speckle: '水磨石纹',
  camo: '迷彩',
  splash: '晕染',
  badge: '徽章',
  letters: '字母',
  stamp: '卡通笑脸',
}
