/** Addresses that ChatGPT signs for one attachment: anybody who has one can read the file, so none is shown or passed on. */
import { invalidInput } from '../../errors.ts'

/** Where ChatGPT keeps attachments; the region in the name differs from call to call. */
const ATTACHMENT_HOST = /^(?:oaisdmntpr[a-z0-9-]*\.blob\.core\.windows\.net|(?:[a-z0-9-]+\.)*oaiusercontent\.com)$/i

export function isSignedAddress({ hostname }: URL): boolean {
  return ATTACHMENT_HOST.test(hostname)
}

/** @throws AppError `invalid_input` that does not repeat it. */
export function signedAddress(address: string): URL {
  const text = address.trim()
  if (/^https:/i.test(text) && URL.canParse(text)) return new URL(text)
  const isReference = /^[a-z_-]+:/i.test(text) && !/^https?:/i.test(text)
  throw invalidInput(
    isReference
      ? 'The app sent the name of the attached photo instead of an address to read it from.'
      : 'The download_url of the attached photo is not an https address.',
    'Attach the photo again (some mobile apps cannot pass one on), or pass a link to it as image_url.',
  )
}
