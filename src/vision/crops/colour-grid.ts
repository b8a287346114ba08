/** In pixels. */
export const GRID_SIDE = 64

/**
 * Averages a picture down to 64 x 64 pixels.
 * @param rgb 8-bit sRGB, three bytes per pixel, `side` squared.
 */
export function colourGridOf(rgb: Uint8Array, side: number): Uint8Array {
  const small = new Uint8Array(GRID_SIDE ** 2 * 3)
  const edge = (box: number) => Math.floor((box * side) / GRID_SIDE)
  for (let boxY = 0, at = 0; boxY < GRID_SIDE; boxY++) {
    for (let boxX = 0; boxX < GRID_SIDE; boxX++, at += 3) {
      const [top, bottom] = [edge(boxY), Math.max(edge(boxY) + 1, edge(boxY + 1))]
      const [left, right] = [edge(boxX), Math.max(edge(boxX) + 1, edge(boxX + 1))]
      let [red, green, blue] = [0, 0, 0]
      for (let y = top; y < bottom; y++) {
        for (let x = left, from = (y * side + left) * 3; x < right; x++, from += 3) {
          red += rgb[from] ?? 0
          green += rgb[from + 1] ?? 0
          blue += rgb[from + 2] ?? 0
        }
      }
      const area = (bottom - top) * (right - left)
      small[at] = red / area
      small[at + 1] = green / area
      small[at + 2] = blue / area
    }
  }
  return small
}
