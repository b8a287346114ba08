/**
 * The texts that the cells of a workbook share. A large sheet has millions of them, so beyond some megabytes they are
 * kept in a temporary file.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Archive } from './archive.ts'
import { type Budget, tooMuch } from './budget.ts'
import { createTextReader } from './rich-text.ts'
import { parseXml } from './xml.ts'

/** UTF-16 characters kept in memory. */
const MEMORY_CHARS = 16_000_000
const MAX_STRINGS = 5_000_000
const WRITE_BLOCK_BYTES = 65_536

export interface SharedStrings {
  /** `undefined` for an index that does not exist. */
  get(index: number): string | undefined
  close(): void
}

export async function readSharedStrings(
  archive: Archive,
  part: string | undefined,
  budget: Budget,
  memoryChars = MEMORY_CHARS,
): Promise<SharedStrings> {
  const store = createStringStore(memoryChars)
  if (part === undefined || !archive.has(part)) return store
  try {
    for await (const text of parseXml<string>(archive.read(part), budget, emit => createTextReader('si', emit))) {
      store.add(text)
    }
    store.flush()
    return store
  } catch (error) {
    store.close()
    throw error
  }
}

function createStringStore(memoryChars: number) {
  const inMemory: string[] = []
  let charsLeft = memoryChars
  let spill: Spill | undefined
  return {
    add: (text: string): void => {
      if (inMemory.length + (spill?.size() ?? 0) >= MAX_STRINGS) {
        throw tooMuch(`it has more than ${MAX_STRINGS / 1_000_000} million different texts`)
      }
      charsLeft -= text.length
      if (charsLeft >= 0 && spill === undefined) {
        inMemory.push(text)
        return
      }
      spill ??= openSpill()
      spill.add(text)
    },
    get: (index: number): string | undefined =>
      index < inMemory.length ? inMemory[index] : spill?.get(index - inMemory.length),
    flush: (): void => spill?.flush(),
    close: (): void => spill?.close(),
  }
}

type Spill = ReturnType<typeof openSpill>

/** Texts one after the other in a temporary file. Its blocks are in the system's page cache, so reads are short. */
function openSpill() {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-sheet-'))
  const file = openSync(path.join(folder, 'strings'), 'w+')
  const ends: number[] = []
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let end = 0
  const flush = (): void => {
    const block = Buffer.concat(waiting)
    for (let written = 0; written < block.length; ) written += writeSync(file, block, written)
    waiting = []
    waitingBytes = 0
  }
  return {
    size: () => ends.length,
    add: (text: string): void => {
      const bytes = Buffer.from(text)
      end += bytes.length
      ends.push(end)
      waiting.push(bytes)
      waitingBytes += bytes.length
      if (waitingBytes >= WRITE_BLOCK_BYTES) flush()
    },
    flush,
    get: (index: number): string | undefined => {
      const stop = ends[index]
      if (stop === undefined) return undefined
      const start = ends[index - 1] ?? 0
      const bytes = Buffer.alloc(stop - start)
      readSync(file, bytes, 0, bytes.length, start)
      return bytes.toString()
    },
    close: (): void => {
      closeSync(file)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
