/** The vectors that come with the package: of its own sample pictures, so that the first search need not compute them. */
import { readFile } from 'node:fs/promises'
import * as z from 'zod'

const vectorsFile = z.object({ model: z.string(), vectors: z.record(z.string(), z.base64()) })

/** The vector of a picture by `model`, where the package has it. */
export type ShippedVectors = (reference: string, model: string) => Promise<Int8Array | null>

/** Makes the lookup. @param file the JSON that `npm run sample:vectors` writes; it is read at the first `sample:` reference. */
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
