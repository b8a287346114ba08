/**
 * Interpolates a square grid between the centres of its cells.
 * @param side of the result.
 */
export function interpolate(grid: Float32Array, side: number): Float32Array {
  const cells = Math.round(Math.sqrt(grid.length))
  const { lower, upper, shares } = positionsOf(side, cells)
  const wide = new Float32Array(cells * side)
  for (let row = 0, at = 0; row < cells; row++) {
    for (let x = 0; x < side; x++, at++) {
      const from = grid[row * cells + (lower[x] ?? 0)] ?? 0
      const to = grid[row * cells + (upper[x] ?? 0)] ?? 0
      wide[at] = from + (shares[x] ?? 0) * (to - from)
    }
  }
  const finer = new Float32Array(side * side)
  for (let y = 0, at = 0; y < side; y++) {
    const [top, bottom, share] = [(lower[y] ?? 0) * side, (upper[y] ?? 0) * side, shares[y] ?? 0]
    for (let x = 0; x < side; x++, at++) {
      const from = wide[top + x] ?? 0
      finer[at] = from + share * ((wide[bottom + x] ?? 0) - from)
    }
  }
  return finer
}

/** Between which two cells the centre of each line lies, and how far towards the upper one. */
function positionsOf(side: number, cells: number) {
  const [lower, upper, shares] = [new Uint16Array(side), new Uint16Array(side), new Float32Array(side)]
  for (let line = 0; line < side; line++) {
    const position = Math.min(cells - 1, Math.max(0, ((line + 0.5) * cells) / side - 0.5))
    lower[line] = Math.floor(position)
    upper[line] = Math.min(cells - 1, Math.floor(position) + 1)
    shares[line] = position - Math.floor(position)
  }
  return { lower, upper, shares }
}
