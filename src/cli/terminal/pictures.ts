/** Draws pictures in a terminal, side by side above their offer IDs, by the protocols of iTerm2 and kitty. */
import type { OfferPreview } from '../../offers/results/results.ts'
import type { PictureProtocol } from './terminal.ts'

/** Size of a picture in characters, which are about twice as high as wide: a square. */
const WIDTH = 16
const HEIGHT = 8

/** Between two pictures. */
const GAP = 2

/** The most base64 that kitty takes in one sequence. */
const KITTY_CHUNK = 4_096

const ESC = '\u001B'

/** How many pictures fit side by side. */
export function picturesThatFit(columns: number): number {
  return Math.max(1, Math.floor((columns + GAP) / (WIDTH + GAP)))
}

/** The sequences that draw `pictures` (PNG) in a row, with their offer IDs below. */
export function drawPictures(pictures: readonly OfferPreview[], protocol: PictureProtocol): string {
  const draw = protocol === 'iterm2' ? iterm2 : kitty
  const drawn = pictures.map(draw)
  // Adds the lines first, so that nothing scrolls while the cursor returns to where each picture starts.
  const room = `${'\n'.repeat(HEIGHT)}${ESC}[${HEIGHT}A`
  const placed = drawn.map((sequence, index) => `${ESC}7${right(index * (WIDTH + GAP))}${sequence}${ESC}8`)
  const names = pictures.map(({ offerId }) => offerId.slice(0, WIDTH).padEnd(WIDTH + GAP)).join('')
  return `${room}${placed.join('')}${ESC}[${HEIGHT}B${names.trimEnd()}`
}

function right(columns: number): string {
  return columns === 0 ? '' : `${ESC}[${columns}C`
}

function iterm2({ bytes }: OfferPreview): string {
  const facts = `inline=1;size=${bytes.length};width=${WIDTH};height=${HEIGHT};preserveAspectRatio=1`
  return `${ESC}]1337;File=${facts}:${Buffer.from(bytes).toString('base64')}\u0007`
}

/** Only one side is given: with both, kitty would stretch the picture. `q=2`: no reply on stdin. */
function kitty({ bytes, width, height }: OfferPreview): string {
  const side = width >= height ? `c=${WIDTH}` : `r=${HEIGHT}`
  const chunks =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${KITTY_CHUNK}}`, 'g')) ?? []
  return chunks
    .map((chunk, index) => {
      const first = index === 0 ? `a=T,f=100,C=1,q=2,${side},` : ''
      return `${ESC}_G${first}m=${index < chunks.length - 1 ? 1 : 0};${chunk}${ESC}\\`
    })
    .join('')
}
