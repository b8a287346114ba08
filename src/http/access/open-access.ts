import type { KeyStore } from '../../keys/api-key.ts'

/** Whether a caller without a key is served now. */
export type OpenAccess = () => Promise<boolean>

/**
 * Asks the store each time, since the first key may be created while the server runs. Once there was one, an emptied
 * store opens nothing.
 * @param isPrivate whether no other machine can call.
 */
export function createOpenAccess(keys: Pick<KeyStore, 'isEmpty'>, isPrivate: boolean): OpenAccess {
  let hadKeys = false
  return async () => {
    if (!isPrivate || hadKeys) return false
    hadKeys = !(await keys.isEmpty())
    return !hadKeys
  }
}
