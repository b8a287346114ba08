/** Exchange rates in a file of the data folder, so that a restart does not fetch them again. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import type { KeptRates } from '../costs/rates/rates.ts'

const rates = z.record(
  z.string().regex(/^[A-Z]{3}$/),
  z.object({ cny: z.number().positive(), date: z.iso.date(), fetchedAt: z.number() }),
)

/** Keyed by source. */
const file = z.record(z.enum(['ecb', 'frankfurter']), rates.optional())

/** A file that is missing, damaged or cannot be written is no reason to fail: rates can be fetched again. */
export function createKeptRates(folder: string): KeptRates {
  const target = path.join(folder, 'rates.json')
  const read = async () => {
    try {
      return file.parse(JSON.parse(await readFile(target, 'utf8')))
    } catch {
      return file.parse({ ecb: {}, frankfurter: {} })
    }
  }
  return {
    read: async source => (await read())[source] ?? {},
    async write(source, currency, rate) {
      const kept = await read()
      const text = JSON.stringify({ ...kept, [source]: { ...kept[source], [currency]: rate } })
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(`${target}.part`, text, { mode: 0o600 })
        await rename(`${target}.part`, target)
      } catch {
        // The rate is in memory.
      }
    },
  }
}
