/** Opens pages for photos, and reads the photos that were sent. */
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, throwIfAborted } from '../../errors.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { HANDLE_PREFIX, type PhotoState, type PhotoStore } from './photo-store.ts'
import { UPLOAD_PATH } from './upload-page.ts'

/** Stands for the last photo that was asked for, where only one person asks. */
export const PICKED = 'picked'

/** Another server may have taken the photo, so the store is asked again and again. */
const ASK_EVERY_MS = 400

export interface OpenedPage {
  /** Where a person sends the photo. */
  address: string
  /** For `image_url`. */
  handle: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** The photos of one owner. */
export interface PickedPhotos {
  /**
   * @param origin of the page's address; `null` for a page on this computer.
   * @throws AppError `rate_limited`, `store_unavailable`
   */
  open(origin: string | null): Promise<OpenedPage>
  /** Keeps a photo that was picked in a page of the host. @returns its handle. */
  keep(bytes: Uint8Array): Promise<string>
  /**
   * Waits a little for a photo that is not there yet.
   * @param reference a handle or, where only one person asks, {@link PICKED}.
   * @throws AppError `not_found`, `picture_unreachable` if the photo was not sent in time, `cancelled`
   */
  read(reference: string, signal?: AbortSignal): Promise<Uint8Array>
  /**
   * Waits for the photo of a page that the person has just opened.
   * @returns whether it came in time.
   */
  waitFor(handle: string, signal?: AbortSignal): Promise<boolean>
}

export interface PickedPhotosDeps {
  photos: PhotoStore
  owner: string
  /** Whether only one person asks for this owner. */
  isOnePerson: boolean
  /** Makes pages reachable on this computer. @returns their origin. */
  openLoopback(): Promise<string>
  now: () => number
}

export function isPhotoReference(text: string): boolean {
  return text === PICKED || text.startsWith(HANDLE_PREFIX)
}

export function createPickedPhotos(deps: PickedPhotosDeps): PickedPhotos {
  const { photos, owner, isOnePerson, openLoopback, now } = deps
  let last: string | null = null
  /** @returns the last state, once the photo is there or the time is over. */
  const wait = async (handle: string, waitMs: number, signal?: AbortSignal): Promise<PhotoState> => {
    const giveUpAt = performance.now() + waitMs
    for (;;) {
      throwIfAborted(signal)
      const state = await photos.find(handle, owner)
      if (state === null) throw unknownPhoto()
      if (state.kind === 'here' || performance.now() >= giveUpAt) return state
      await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }
  return {
    async open(origin) {
      const { token, handle, expiresAt } = await photos.open(owner)
      const base = origin ?? (await openLoopback())
      last = handle
      return { address: `${base}${UPLOAD_PATH}${token}`, handle, expiresAt }
    },
    async keep(bytes) {
      last = await photos.keep(owner, bytes)
      return last
    },
    async read(reference, signal) {
      const handle = reference === PICKED && isOnePerson ? last : reference
      if (handle === null) throw nothingPicked()
      const state = await wait(handle, CALL_BUDGET.upload.callerMs, signal)
      if (state.kind === 'waiting') throw notSentYet(state.expiresAt - now())
      return state.bytes
    },
    waitFor: async (handle, signal) => (await wait(handle, CALL_BUDGET.openedPage.callerMs, signal)).kind === 'here',
  }
}

function nothingPicked(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'No photo was asked for yet, so "picked" stands for none.',
    hint: 'Call pick_photo first, and pass the handle that it returns.',
  })
}

function unknownPhoto(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'There is no such photo: its handle is wrong, or it has expired.',
    hint: 'Call pick_photo again; a photo can be used for 30 minutes after it was sent.',
  })
}

function notSentYet(leftMs: number): AppError {
  const minutes = Math.max(1, Math.round(leftMs / 60_000))
  return new AppError({
    code: 'picture_unreachable',
    message: 'The photo was not sent yet.',
    hint: `Ask the person to send it on the page (open for ${minutes} more min), then call again with the same handle.`,
    retryable: true,
  })
}
