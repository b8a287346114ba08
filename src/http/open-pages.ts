/** What opens without a key: pages and files whose addresses cannot be guessed, and pictures whose addresses are signed. */
import { OPERATOR } from '../catalogue/owners.ts'
import { EXPORT_PATH, type ExportPage } from '../exports/export-page.ts'
import { accountOf, type KeyStore, stateOf } from '../keys/api-key.ts'
import { PICTURES_PATH } from '../pictures/addresses/picture-addresses.ts'
import type { PicturePage } from '../pictures/addresses/picture-page.ts'
import { LENT_PATH, type LentPage } from '../pictures/upload/lent-page.ts'
import { UPLOAD_PATH, type UploadPage } from '../pictures/upload/upload-page.ts'
import type { OpenAccess } from './access/open-access.ts'
import type { OpenPage } from './server/server.ts'

/** Decoding and shrinking a picture, in milliseconds of processor time. */
const PICTURE_MS = 20

export interface Pages {
  /** Answers requests for the pages on which people send photos. */
  uploadPage: UploadPage
  /** Answers requests for exported files. */
  exportPage: ExportPage
  /** Answers requests for lent pictures. */
  lentPage: LentPage
  /** Answers requests for pictures of imported and sample offers. */
  picturePage: PicturePage
}

export interface OpenPagesDeps {
  pages: Pages
  keys: KeyStore
  usesOauth: boolean
  isOpen: OpenAccess
  /** What addresses begin with. */
  pageBase: () => string | null
}

export function createOpenPages({ pages, keys, usesOauth, isOpen, pageBase }: OpenPagesDeps): OpenPage[] {
  const keyOf = async (owner: string) => (await keys.list()).find(({ id }) => owner === accountOf(id))
  const isActive = async (owner: string): Promise<boolean> => {
    if (owner === OPERATOR) return isOpen()
    if (owner.startsWith('oauth:')) return usesOauth
    const key = await keyOf(owner)
    return key !== undefined && stateOf(key, Date.now()) === 'active'
  }
  return [
    {
      prefix: UPLOAD_PATH,
      handle: ({ request, response }, path) =>
        pages.uploadPage({
          request,
          response,
          path,
          origin: new URL(pageBase() ?? 'about:blank').origin,
          nameOf: async owner => (await keyOf(owner))?.name ?? null,
        }),
    },
    { prefix: EXPORT_PATH, handle: ({ response }, path) => pages.exportPage(response, path) },
    { prefix: LENT_PATH, handle: ({ response }, path) => pages.lentPage(response, path) },
    {
      prefix: PICTURES_PATH,
      handle: async ({ request, response, work }) => {
        work.spend(PICTURE_MS)
        await pages.picturePage(response, new URL(request.url ?? '/', 'http://localhost'), isActive)
      },
    },
  ]
}
