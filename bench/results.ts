/** Writes sections of bench/results.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const RESULTS = path.join(import.meta.dirname, 'results.md')
/** The last section, of photos that are not in the project. */
const MATCHING = '\n## Matching pictures\n'

/** @param document all but the last section, which is kept. */
export function writeMeasurements(document: string): void {
  const [, matching] = read()
  writeFileSync(RESULTS, matching === undefined ? document : `${document}${MATCHING}${matching}`)
}

export function writeMatching(section: string): void {
  const [measurements = ''] = read()
  writeFileSync(RESULTS, `${measurements}${MATCHING}\n${section}\n`)
}

function read(): string[] {
  return readFileSync(RESULTS, 'utf8').split(MATCHING)
}
