/** Secrets that give access to something for a while, of which stores hold only hashes. */
import { createHash, randomBytes } from 'node:crypto'

/** 128 random bits, as 22 characters that an address can hold. */
export function newSecret(): string {
  return randomBytes(16).toString('base64url')
}

/** 128 random bits cannot be guessed, so a fast hash is enough. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
