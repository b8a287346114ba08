/** The port of watch lists: what each owner has read again from time to time. */
import { type AppError, invalidInput } from '../errors.ts'
import { MAX_WATCHED, type Watched, type WatchState, type WatchTarget } from '../offers/watched.ts'

/** All methods reject with AppError `store_unavailable` if the store cannot be used. */
export interface WatchStore {
  /**
   * Adds what is not on the list yet, all of it or nothing.
   * @param targets with what is known of each, if anything.
   * @returns how many are new.
   * @throws AppError `invalid_input` beyond {@link MAX_WATCHED}.
   */
  add(owner: string, targets: readonly (WatchTarget & { state: WatchState | null })[], addedAt: number): Promise<number>
  /** @returns how many were there. */
  remove(owner: string, targets: readonly WatchTarget[]): Promise<number>
  /** In the order in which they were added. */
  list(owner: string): Promise<Watched[]>
  /** Who watches anything. */
  owners(): Promise<string[]>
  /** Keeps what a check has read, on disk before it resolves. Does nothing for what was removed meanwhile. */
  putCheck(owner: string, watched: Omit<Watched, 'addedAt'>): Promise<void>
  /** Marks the changes of an owner as reported. */
  clearNews(owner: string, targets: readonly WatchTarget[]): Promise<void>
}

export function listFull(watched: number, added: number): AppError {
  return invalidInput(
    `At most ${MAX_WATCHED} offers and searches can be watched: ${watched} are, and ${added} more do not fit.`,
    'Remove some first; nothing was added.',
  )
}
