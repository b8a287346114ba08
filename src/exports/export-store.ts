/**
 * The port of exports that a server gives out: files that open for an hour at an address with 128 random bits. The
 * store is shared by all servers with the same data, and holds only hashes of tokens.
 */
import { invalidInput } from '../errors.ts'

export const EXPORT_TTL_MS = 3_600_000

/** 20 offers with small pictures are some 200 kB. */
export const MAX_EXPORT_BYTES = 10_000_000

/** Of one owner; the oldest make room. */
export const MAX_EXPORTS = 10

/** Of all owners; the oldest make room. */
export const MAX_EXPORTS_IN_ALL = 500

export interface ExportFile {
  /** Made by us: letters, digits, dots and dashes. */
  name: string
  mediaType: string
  bytes: Uint8Array
}

export interface StoredExport {
  /** In the file's address. */
  token: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** Every method rejects with AppError `store_unavailable` if the store cannot be used. */
export interface ExportStore {
  /**
   * @param owner who may have {@link MAX_EXPORTS} at a time.
   * @param room bytes that all files of the owner may have; `null` without a limit.
   * @returns `null` if there is no room.
   * @throws AppError `invalid_input` for a file of more than {@link MAX_EXPORT_BYTES}.
   */
  put(file: ExportFile, owner: string, room: number | null): Promise<StoredExport | null>
  /** Of all files of the owner that have not expired. */
  bytesOf(owner: string): Promise<number>
  /** `null` for a token that was never given out, or has expired. */
  find(token: string): Promise<ExportFile | null>
  close(): Promise<void>
}

export function checkSize({ bytes }: ExportFile): void {
  if (bytes.length <= MAX_EXPORT_BYTES) return
  throw invalidInput(`The file has more than ${MAX_EXPORT_BYTES / 1_000_000} MB.`, 'Export fewer offers at a time.')
}
