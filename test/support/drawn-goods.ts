/** Owns simple drawn pictures for tests that need several different ones, each told by its number. */
import sharp from 'sharp'

const SHAPES = [
  '<circle cx="160" cy="160" r="100"/>',
  '<rect x="60" y="90" width="200" height="140" rx="20"/>',
  '<path d="M160 40 L280 260 L40 260 Z"/>',
  '<path d="M40 200 C80 40 240 40 280 200 L230 280 L90 280 Z"/>',
  '<rect x="120" y="30" width="80" height="260" rx="36"/>',
]
const COLOURS = ['#c0392b', '#2471a3', '#1e8449', '#b7950b', '#6c3483', '#17202a']
const GROUNDS = ['#f4f1ea', '#d6eaf8', '#fadbd8', '#e8f8f5']

const drawn = new Map<number, Promise<Buffer>>()

/** A 320 x 320 JPEG; numbers below 120 all look different. */
export function drawnGood(number: number): Promise<Buffer> {
  const picture = drawn.get(number) ?? draw(number)
  drawn.set(number, picture)
  return picture
}

function draw(number: number): Promise<Buffer> {
  const shape = SHAPES[number % SHAPES.length]
  const colour = COLOURS[number % COLOURS.length]
  const ground = GROUNDS[number % GROUNDS.length]
  const stripes = Array.from(
    { length: number % 7 },
    (_, index) => `<rect y="${70 + index * 30}" width="320" height="9" fill="#fff6"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320"><rect width="320" height="320" fill="${ground}"/><g fill="${colour}">${shape}</g>${stripes.join('')}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer()
}

/** The same good as a buyer might send it: a crop, smaller and recompressed. */
export async function buyersPhoto(number: number): Promise<Buffer> {
  const good = await drawnGood(number)
  return sharp(good)
    .extract({ left: 20, top: 24, width: 280, height: 276 })
    .resize(240)
    .jpeg({ quality: 60 })
    .toBuffer()
}
