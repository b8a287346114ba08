import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { makeTempDir } from './program.ts'

/** A store in a new folder, opened as two processes would, on a clock that the test moves. */
export function twoOpenings<Store extends { close(): Promise<void> }>(
  openAt: (options: { dataDir: string; now: () => number }) => Store,
) {
  const dir = makeTempDir()
  let time = 1_800_000_000_000
  const open = () => openAt({ dataDir: dir.path, now: () => time })
  const [ours, theirs] = [open(), open()]
  return {
    ours,
    theirs,
    folder: dir.path,
    elapse(durationMs: number): void {
      time += durationMs
    },
    /** All that the files hold, as text. */
    atRest: async () =>
      readdirSync(dir.path)
        .map(file => readFileSync(path.join(dir.path, file), 'latin1'))
        .join('\n'),
    async remove(): Promise<void> {
      await ours.close()
      await theirs.close()
      dir.remove()
    },
  }
}
