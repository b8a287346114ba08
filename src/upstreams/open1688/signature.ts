import { createHmac } from 'node:crypto'

/**
 * Signs a call to the 1688 Open Platform: HMAC-SHA1, keyed with the application's secret, over the path and every
 * parameter's name and value, sorted by name.
 * @param path from `param2/` on.
 * @param fields everything that is sent except the signature, not yet URL-encoded.
 * @returns the field `_aop_signature`.
 */
export function signCall(appSecret: string, path: string, fields: Readonly<Record<string, string>>): string {
  const hmac = createHmac('sha1', appSecret).update(path)
  for (const name of Object.keys(fields).sort()) hmac.update(`${name}${fields[name]}`)
  return hmac.digest('hex').toUpperCase()
}
