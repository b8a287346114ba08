/** Memory of a process and its children, each page counted once (PSS); of Linux only. */
import { readFileSync } from 'node:fs'

/** In bytes. */
export function familyMemory(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, member) => sum + pssOf(member), 0)
}

export function childrenOf(pid: number): number[] {
  const listed = readOrEmpty(`/proc/${pid}/task/${pid}/children`)
  return listed.split(' ').flatMap(text => (text.trim() === '' ? [] : [Number(text)]))
}

function pssOf(pid: number): number {
  const [, kilobytes = '0'] = /^Pss:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`)) ?? []
  return Number(kilobytes) * 1024
}

/** A process may end at any time. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Runs `work` and measures by how many bytes the memory of `pid` and its children rose above its start. */
export async function withPeak<Result>(
  pid: number,
  work: () => Promise<Result>,
): Promise<{ result: Result; rise: number }> {
  const before = familyMemory(pid)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, familyMemory(pid))
  }, 25)
  try {
    const result = await work()
    return { result, rise: peak - before }
  } finally {
    clearInterval(watch)
  }
}
