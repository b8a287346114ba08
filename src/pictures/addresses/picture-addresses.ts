/**
 * Addresses of pictures that have none of their own: those of imported and sample offers. Each is signed for one owner,
 * one offer and one size, and opens for a week without a key, because a browser sends none with a picture.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ReadSigningSecret } from './signing-secret.ts'

/** What comes before the offer's ID. */
export const PICTURES_PATH = '/pictures/'

/** The longer side in pixels. Part of what is signed, so that nobody can ask for others. */
export const PICTURE_SIDE = 800

const DAY_MS = 86_400_000
const VALID_DAYS = 7

/** Of an HMAC of 256 bits. */
const SIGNATURE_BYTES = 16

const PATH = /^\/pictures\/([1-9]\d{4,18})$/
const SIGNED = /^(\d{1,6})~(\d{1,5})~([a-z]+(?::[0-9a-f]+)?)~([\w-]{22})$/

export interface SignedPicture {
  owner: string
  offerId: string
}

export interface PictureAddresses {
  /** Makes paths, with their query, for one owner; the same all day, so that browsers load a picture once. */
  signer(owner: string): Promise<(offerId: string) => string>
  /** What a path and its query are signed for; `null` if they are not, or no longer. */
  open(path: string, query: URLSearchParams): Promise<SignedPicture | null>
  /** The offer whose picture we have given this address, even if it has expired; `null` for any other address. */
  offerAt(address: URL): Promise<string | null>
}

export function createPictureAddresses(readSecret: ReadSigningSecret, now: () => number): PictureAddresses {
  const today = () => Math.floor(now() / DAY_MS)
  const signature = (secret: Uint8Array, signed: readonly (string | number)[]) =>
    createHmac('sha256', secret)
      .update(`picture ${signed.join(' ')}`)
      .digest()
      .subarray(0, SIGNATURE_BYTES)
      .toString('base64url')

  const read = async (path: string, query: URLSearchParams): Promise<(SignedPicture & { day: number }) | null> => {
    const [, offerId] = PATH.exec(path) ?? []
    const [, day, side, owner, given] = SIGNED.exec(query.get('s') ?? '') ?? []
    if (!offerId || !day || !side || !owner || !given) return null
    const expected = signature(await readSecret(), [owner, offerId, side, day])
    // Compared as written: the last character has bits that decoding would drop.
    return timingSafeEqual(Buffer.from(expected), Buffer.from(given)) ? { owner, offerId, day: Number(day) } : null
  }

  return {
    async signer(owner) {
      const secret = await readSecret()
      const day = today()
      return offerId => {
        const mac = signature(secret, [owner, offerId, PICTURE_SIDE, day])
        return `${PICTURES_PATH}${offerId}?s=${day}~${PICTURE_SIDE}~${owner}~${mac}`
      }
    },
    async open(path, query) {
      const signed = await read(path, query)
      const age = signed === null ? null : today() - signed.day
      // The clocks of two servers may disagree about the day.
      return signed !== null && age !== null && age >= -1 && age < VALID_DAYS ? signed : null
    },
    async offerAt(address) {
      return (await read(address.pathname, address.searchParams))?.offerId ?? null
    },
  }
}
