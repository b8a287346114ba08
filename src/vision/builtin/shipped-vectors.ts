/** Vectors of the package's sample pictures, so that the first search need not compute them. */
import { readFile } from 'node:fs/promises'
import * as z from 'zod'

const vectorsFile = z.object({ model: z.string(), vectors: z.record(z.string(), z.base64()) })

/** `null` if the package has no vector of this picture by this model. */
export type ShippedVectors = (reference: string, model: string) => Promise<Int8Array | null>

/** @param file written by `npm run sample:vectors`; it is read at the first `sample:` reference. */
export function createShippedVectors(file: string): ShippedVectors {
  let loading: Promise<z.output<typeof vectorsFile>> | undefined
  return async (reference, model) => {
    if (!reference.startsWith('sample:')) return null
    loading ??= readFile(file, 'utf8').then(text => vectorsFile.parse(JSON.parse(text)))
    const shipped = await loading
    const vector = shipped.model === model ? shipped.vectors[reference.slice('sample:'.length)] : undefined
    return vector === undefined ? null : Int8Array.from(Buffer.from(vector, 'base64'))
  }
}
