import { createInterface } from 'node:readline'

/** The first line that is not blank; `null` at the end of the input, or if the signal aborts. */
export async function readLine(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input })
  const stop = () => lines.close()
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    for await (const line of lines) if (line.trim() !== '') return line
    return null
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
  }
}
