/** Owns arithmetic on vectors: unit length, and the eight-bit form in which they are kept. */

/** Scales `vector` in place so that its length is 1; a zero vector stays. Returns it. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const scale = 1 / (Math.sqrt(squares) || 1)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale
  return vector
}

/**
 * The direction of `vector` in eight bits: the largest component becomes 127 or -127. Length is lost; the cosine moves by less than
 * 0.001 (512 components).
 * @param dimensions components of the result; those beyond the vector's own are 0.
 */
export function toInt8(vector: Float32Array, dimensions = vector.length): Int8Array<ArrayBuffer> {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  const scale = 127 / (largest || 1)
  const rounded = new Int8Array(dimensions)
  for (let i = 0; i < vector.length; i++) rounded[i] = Math.round((vector[i] ?? 0) * scale)
  return rounded
}

/**
 * Vectors at unit length, one after the other, each times the root of its share: the cosine of two such joins is the mean of the parts'
 * cosines, weighted by share.
 */
export function joinWeighted(parts: readonly (readonly [share: number, vector: Float32Array])[]): Float32Array {
  const joined = new Float32Array(parts.reduce((length, [, vector]) => length + vector.length, 0))
  let offset = 0
  for (const [share, vector] of parts) {
    const factor = Math.sqrt(share)
    for (let i = 0; i < vector.length; i++) joined[offset + i] = (vector[i] ?? 0) * factor
    offset += vector.length
  }
  return joined
}
