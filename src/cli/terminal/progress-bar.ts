import { printableLine } from './printable.ts'

export interface ProgressBar {
  onProgress(progress: { done: number; total?: number; message: string }): void
  stop(): void
}

export interface ProgressStream {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const WIDTH = 30

/** Moves to the beginning of the line and clears it. */
const CLEAR_LINE = '\r\u001B[2K'

/** Shows the progress of a long command on one line of a terminal; silent elsewhere. */
export function createProgressBar(stream: ProgressStream): ProgressBar {
  if (!stream.isTTY) return { onProgress: () => {}, stop: () => {} }
  let drawn = ''
  return {
    onProgress: ({ done, total, message }) => {
      // Without a known end the bar stays half full.
      const share = total === undefined ? 0.5 : Math.min(1, done / Math.max(1, total))
      const full = Math.round(WIDTH * share)
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full)
      const line = ` ${bar} ${printableLine(message)}`.slice(0, (stream.columns || 80) - 1)
      if (line !== drawn) stream.write(CLEAR_LINE + line)
      drawn = line
    },
    stop: () => {
      if (drawn !== '') stream.write(CLEAR_LINE)
    },
  }
}
