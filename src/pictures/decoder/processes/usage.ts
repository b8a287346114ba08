import { readFileSync } from 'node:fs'

/** What a process has used. */
export interface Usage {
  /** Its own pages, without those of files. */
  readonly memoryBytes: number
  readonly processorMs: number
}

/** Linux counts processor time in hundredths of a second, whatever its clock. */
const TICK_MS = 10

/** From `/proc`, in some 30 µs; `null` where there is none, and once the process has ended. */
export function readUsage(pid: number): Usage | null {
  try {
    const [, anonymousKb = '0'] = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    // The name, in parentheses, may hold anything. User and system time are the 14th and 15th field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return {
      memoryBytes: Number(anonymousKb) * 1024,
      processorMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    }
  } catch {
    return null
  }
}
