/**
 * Decoders look at the major brand of an ISO file only, and know few; what is in the file does not depend on it.
 * @returns a copy with `brand` as its major brand, or `bytes` if it has it already.
 */
export function withPlainBrand(bytes: Uint8Array, brand: 'avif' | 'mif1'): Uint8Array {
  if (Buffer.from(bytes.subarray(8, 12)).toString('latin1') === brand) return bytes
  const copy = Buffer.from(bytes)
  copy.write(brand, 8, 'latin1')
  return copy
}
