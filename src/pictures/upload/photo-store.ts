/**
 * The port of picked photos: pages that each take one photo from a person's browser, and the photos that came in. The
 * store is shared by all servers with the same data, and holds only hashes of tokens and handles.
 */
import { AppError } from '../../errors.ts'
import { newSecret } from '../../store/secret.ts'

/** How long a page waits for its photo. */
export const PAGE_TTL_MS = 10 * 60_000

/** How long a photo can be searched for after it was sent. */
export const PHOTO_TTL_MS = 30 * 60_000

/** Of one owner, waiting for a photo. */
export const MAX_OPEN_PAGES = 5

/** Of one owner; the oldest make room. */
export const MAX_PHOTOS = 20

/** Of all owners; the oldest make room. */
export const MAX_PHOTOS_IN_ALL = 1_000

/** How long an upstream can read a lent picture. */
export const LENT_TTL_MS = 10 * 60_000

/** An upstream reads it once or twice. */
export const LENT_READS = 5

/** Of all owners; the oldest make room. */
export const MAX_LENT = 500

/** What starts a reference to a picked photo. */
export const HANDLE_PREFIX = 'photo:'

export interface NewPage {
  /** In the page's address. */
  token: string
  /** For the caller who opened the page: `photo:` and 128 random bits. */
  handle: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

export type PhotoState =
  /** The page is open until `expiresAt`, milliseconds since 1970. */
  | { kind: 'waiting'; expiresAt: number }
  /** A JPEG or PNG of at most 300 kB. */
  | { kind: 'here'; bytes: Uint8Array }

/** Every method rejects with AppError `store_unavailable` if the store cannot be used. */
export interface PhotoStore {
  /**
   * @param owner whose photo it will be; empty for the operator.
   * @throws AppError `rate_limited` if the owner has {@link MAX_OPEN_PAGES} open.
   */
  open(owner: string): Promise<NewPage>
  /** Whose photo the page with this token waits for; `null` if it waits no longer. */
  ownerOf(token: string): Promise<string | null>
  /** Resolves to whether the photo was taken: a page takes one. */
  put(token: string, bytes: Uint8Array): Promise<boolean>
  /** Keeps a photo that was sent without a page. @returns its handle. */
  keep(owner: string, bytes: Uint8Array): Promise<string>
  /** `null` for a handle that was never given to this owner, or has expired. */
  find(handle: string, owner: string): Promise<PhotoState | null>
  /** Keeps a picture for {@link LENT_TTL_MS}. @returns the token under which it can be read {@link LENT_READS} times. */
  lend(bytes: Uint8Array): Promise<string>
  /** Counts as one read. `null` for a token that was never given out, has expired, or was read too often. */
  readLent(token: string): Promise<Uint8Array | null>
  /** How many pages of all owners wait for a photo. */
  countOpen(): Promise<number>
  close(): Promise<void>
}

export function newPage(now: number): NewPage {
  return { token: newSecret(), handle: `${HANDLE_PREFIX}${newSecret()}`, expiresAt: now + PAGE_TTL_MS }
}

export function tooManyPages(): AppError {
  return new AppError({
    code: 'rate_limited',
    message: `${MAX_OPEN_PAGES} photo pages are open already.`,
    hint: 'Use one of their addresses, or wait until they expire: 10 minutes after they were opened.',
    retryable: true,
    retryAfterMs: PAGE_TTL_MS,
  })
}
