/** Pictures without an address, lent to an upstream that takes nothing else: each has one for some minutes. */
import type { ServerResponse } from 'node:http'
import { answerPage } from '../../net/page-answer.ts'
import { pictureKind } from '../decoder/kind.ts'
import type { PhotoStore } from './photo-store.ts'

/** What comes before the token in the picture's address. */
export const LENT_PATH = '/lent/'

const ADDRESS = /^\/lent\/([\w-]{22})\.(?:jpg|png)$/

/** Gives a JPEG or PNG an address. @returns the address. */
export type LendPicture = (bytes: Uint8Array) => Promise<string>

/** @param publicUrl what addresses begin with. */
export function createLendPicture(photos: Pick<PhotoStore, 'lend'>, publicUrl: string): LendPicture {
  return async bytes => `${publicUrl}${LENT_PATH}${await photos.lend(bytes)}.${isPng(bytes) ? 'png' : 'jpg'}`
}

/** @param path of the request, which begins with {@link LENT_PATH}. */
export type LentPage = (response: ServerResponse, path: string) => Promise<void>

export function createLentPage(photos: Pick<PhotoStore, 'readLent'>): LentPage {
  return async (response, path) => {
    const { method } = response.req
    if (method !== 'GET') return answerPage(response, 405, 'text/plain', 'Only GET.')
    const [, token] = ADDRESS.exec(path) ?? []
    const bytes = token === undefined ? null : await photos.readLent(token)
    if (bytes === null) return answerPage(response, 404, 'text/plain', 'This picture has expired.')
    answerPage(response, 200, isPng(bytes) ? 'image/png' : 'image/jpeg', bytes)
  }
}

function isPng(bytes: Uint8Array): boolean {
  return pictureKind(bytes) === 'png'
}
