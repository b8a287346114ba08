/** 1688's platform recommends 100 to 300 kB. */
export const MAX_UPLOAD_BYTES = 300_000

/** Whether a file can be uploaded as it is. */
export function isUploadable(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  return bytes.length <= MAX_UPLOAD_BYTES && (head.startsWith('\xff\xd8\xff') || head === '\x89PNG')
}
