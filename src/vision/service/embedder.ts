/** Joins the vector of an embedding service with colours that are computed here. */
import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'
import { COLOUR_DIMENSIONS } from '../crops/colour.ts'
import type { Embedder } from '../embedder.ts'
import { joinWithColour, toInt8, toUnitLength } from '../vector.ts'
import type { ServiceClient } from './client.ts'

export interface ServiceEmbedderOptions {
  url: string
  client: ServiceClient
  /** With the model `colour`. */
  coloursOf: Embedder['embed']
}

/** Pictures are decoded here first, so that the service never receives other files. */
export function createServiceEmbedder({ url, client, coloursOf }: ServiceEmbedderOptions): Embedder {
  let length: number | undefined
  return {
    id: `service-${createHash('sha256').update(url).digest('hex').slice(0, 16)}/1`,
    async embed(bytes, purpose, signal) {
      const [colour] = (await coloursOf(bytes, purpose, signal)).vectors
      const vector = await client.embed(bytes, signal)
      length ??= vector.length
      if (!colour || vector.length !== length) throw changedLength()
      const colours = toUnitLength(Float32Array.from(colour.subarray(0, COLOUR_DIMENSIONS)))
      return { vectors: [toInt8(joinWithColour(toUnitLength(vector), colours))], regions: [] }
    },
    close: client.close,
  }
}

function changedLength(): AppError {
  return new AppError({
    code: 'upstream_changed',
    message: 'The embedding service returned vectors of different lengths.',
    hint: 'It must always use the same model; another model needs another URL.',
  })
}
