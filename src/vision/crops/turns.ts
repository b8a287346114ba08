/** Quarter turns of square grids. */

/** The index of the cell that moves to (x, y). */
export type Turn = (x: number, y: number, side: number) => number

export const turnRight: Turn = (x, y, side) => (side - 1 - x) * side + y

export const turnLeft: Turn = (x, y, side) => x * side + side - 1 - y

/** @param rgb three bytes per pixel. */
export function turnPixels(rgb: Uint8Array, side: number, turn: Turn): Uint8Array {
  const turned = new Uint8Array(rgb.length)
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 3) {
      const source = turn(x, y, side) * 3
      turned[at] = rgb[source] ?? 0
      turned[at + 1] = rgb[source + 1] ?? 0
      turned[at + 2] = rgb[source + 2] ?? 0
    }
  }
  return turned
}

export function turnCells(cells: Float32Array, side: number, turn: Turn): Float32Array {
  return cells.map((_, at) => cells[turn(at % side, Math.floor(at / side), side)] ?? 0)
}
