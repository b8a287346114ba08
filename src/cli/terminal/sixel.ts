/** Owns sixel, the oldest way to draw in a terminal: bands of six rows, one pass over each band for every colour in it. */

/** Pixels: what eight lines of sixteen pixels hold. */
const SIDE = 128

/** Colours a picture: what every terminal with sixel has. */
const COLOURS = 256

/** The sequence that draws a picture. @param png its file. Sharp is loaded when this is first called. */
export async function encodeSixel(png: Uint8Array): Promise<string> {
  const { default: sharp } = await import('sharp')
  const small = sharp(png)
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
  const reduced = await small.png({ palette: true, colours: COLOURS }).toBuffer()
  const { data, info } = await sharp(reduced).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return sixelOf(data, info.width, info.height)
}

/** The sequence for pixels of few colours. @param rgb three bytes a pixel. */
export function sixelOf(rgb: Uint8Array, width: number, height: number): string {
  const palette = new Map<number, number>()
  const pixels = Array.from({ length: width * height }, (_, index) => {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(index * 3, index * 3 + 3)
    const colour = (red << 16) | (green << 8) | blue
    const known = palette.get(colour) ?? palette.size
    palette.set(colour, known)
    return known
  })
  const percent = (byte: number) => Math.round(((byte & 255) * 100) / 255)
  const colours = [...palette].map(
    ([rgb24, index]) => `#${index};2;${percent(rgb24 >> 16)};${percent(rgb24 >> 8)};${percent(rgb24)}`,
  )
  const bands = Array.from({ length: Math.ceil(height / 6) }, (_, band) =>
    bandOf(pixels.slice(band * 6 * width, (band + 1) * 6 * width), width),
  )
  return `\u001BPq"1;1;${width};${height}${colours.join('')}${bands.join('-')}\u001B\\`
}

/** Six rows or fewer: for each colour its passes over the whole width, laid over each other. */
function bandOf(pixels: readonly number[], width: number): string {
  return [...new Set(pixels)]
    .map(colour => {
      const masks = Array.from({ length: width }, (_, x) => {
        let mask = 0
        for (let row = 0; row * width < pixels.length; row++) if (pixels[row * width + x] === colour) mask |= 1 << row
        return String.fromCharCode(63 + mask)
      })
      return `#${colour}${masks.join('').replaceAll(/(.)\1{3,}/g, (run, sign) => `!${run.length}${sign}`)}`
    })
    .join('$')
}
