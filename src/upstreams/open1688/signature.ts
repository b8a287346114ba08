/** The signature of a call to the 1688 Open Platform. */
import { createHmac } from 'node:crypto'

/**
 * Signs a call: HMAC-SHA1, keyed with the application's secret, over the path and every parameter's name and value, sorted by name.
 * @param path from `param2/` on, without host.
 * @param fields all that is sent but the signature, not yet URL-encoded.
 * @returns the field `_aop_signature`: 40 hexadecimal digits in upper case.
 */
export function signCall(appSecret: string, path: string, fields: Readonly<Record<string, string>>): string {
  const hmac = createHmac('sha1', appSecret).update(path)
  for (const name of Object.keys(fields).sort()) hmac.update(`${name}${fields[name]}`)
  return hmac.digest('hex').toUpperCase()
}
