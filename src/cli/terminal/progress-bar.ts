/** Owns the progress bar of long commands: drawn on stderr where that is a terminal, silent elsewhere. */
import cliProgress from 'cli-progress'

/** A bar that is drawn from a use case's progress. */
export interface ProgressBar {
  onProgress(progress: { done: number; total?: number; message: string }): void
  stop(): void
}

/** Makes a bar; nothing is drawn before the first progress. @param stream where it is drawn; not a terminal: nowhere. */
export function createProgressBar(stream: NodeJS.WritableStream & { isTTY?: boolean }): ProgressBar {
  if (!stream.isTTY) return { onProgress: () => {}, stop: () => {} }
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: '{bar} {message}',
      hideCursor: true,
      clearOnComplete: true,
      barsize: 30,
    },
    cliProgress.Presets.shades_classic,
  )
  let started = false
  return {
    onProgress: ({ done, total, message }) => {
      // Without a known end the bar stays half full: something goes on, nobody knows for how long.
      const end = total ?? done * 2
      if (!started) bar.start(end, done, { message })
      started = true
      bar.setTotal(end)
      bar.update(done, { message })
    },
    stop: () => {
      if (started) bar.stop()
    },
  }
}
