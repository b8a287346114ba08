/**
 * The encodings from before Unicode. Each candidate is scored by how much of what it reads is usual in its language:
 * a wrong one reads rare characters, or letters in an impossible order.
 */
import { readBytes } from '../bytes.ts'
import { scoreAlphabets } from './alphabets.ts'
import { scoreCharacters } from './characters.ts'

/** Enough to be sure; all of a short file. */
const SAMPLE_BYTES = 1_000_000
/** The score of text in the right encoding is above 0.8; of a wrong one hardly above 0.5. */
const MIN_SCORE = 0.7

/** @returns `null` if none makes sense. */
export async function detectLegacyEncoding(file: string): Promise<string | null> {
  return guessEncoding(await readSample(file))
}

/** @returns `null` if none makes sense. */
export function guessEncoding(bytes: Uint8Array): string | null {
  // Of equal scores the first counts.
  const scores = [...scoreAlphabets(bytes), ...scoreCharacters(bytes)]
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a))
  return best.score >= MIN_SCORE ? best.encoding : null
}

async function readSample(file: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readBytes(file)) {
    // A long beginning in ASCII says nothing.
    if (size === 0 && chunk.every(byte => byte < 0x80)) continue
    chunks.push(chunk)
    size += chunk.length
    if (size >= SAMPLE_BYTES) break
  }
  return Buffer.concat(chunks)
}
