/** The access token for calls. One process refreshes it for all, before it expires or after it was rejected. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../errors.ts'
import { whenFree } from '../../store/busy.ts'
import type { Clock } from '../../time/clock.ts'
import { unlessAborted } from '../../time/unless-aborted.ts'
import { openTokenStore, type TokenStore, type Tokens } from './token-store.ts'

/** Calls in flight must still find the token valid. */
const REFRESH_AHEAD_MS = 300_000

export interface TokenSettings {
  /** For refreshed tokens and those of `mcp-1688 authorize`; not opened for an access token alone. */
  file: string
  appKey: string
  accessToken: string | null
  refreshToken: string | null
  clock: Clock
}

export interface TokensOptions extends TokenSettings {
  requestTokens: (refreshToken: string, signal: AbortSignal) => Promise<Tokens>
}

export interface AccessTokens {
  /**
   * Refreshes the token first if necessary.
   * @throws AppError `key_missing`, `store_unavailable`; CallError of the refresh.
   */
  fetchToken(signal: AbortSignal): Promise<string>
  /** To be called when the platform rejected a token. @returns whether {@link fetchToken} can provide another one. */
  reject(accessToken: string): boolean
  close(): Promise<void>
}

export function createTokens(options: TokensOptions): AccessTokens {
  const { file, accessToken, refreshToken, requestTokens, clock } = options
  const closing = new AbortController()
  let store: TokenStore | null = null
  let rejected: string | null = null
  let refreshing: Promise<string> | null = null

  const open = (): TokenStore => {
    if (store === null && refreshToken === null && !existsSync(file)) throw tokenMissing()
    store ??= openAuthorisation(options)
    return store
  }
  const validTokenOf = (tokens: Tokens): string | null => {
    const ends = tokens.expiresAt ?? Number.POSITIVE_INFINITY
    return tokens.accessToken !== rejected && clock.now() < ends - REFRESH_AHEAD_MS ? tokens.accessToken : null
  }
  const refresh = async (tokens: TokenStore): Promise<string> => {
    // Another process may have refreshed while this one waited for its turn.
    const renewed = await tokens.update(async current => {
      if (current === null) throw tokenMissing()
      return validTokenOf(current) === null ? requestTokens(current.refreshToken, closing.signal) : current
    })
    return renewed.accessToken ?? ''
  }

  return {
    fetchToken: async signal => {
      if (refreshToken === null && accessToken !== null) return accessToken
      // Another process may be creating the file.
      const tokens = await whenFree(open)
      const current = tokens.read()
      if (current === null) throw tokenMissing()
      const valid = validTokenOf(current)
      if (valid !== null) return valid
      refreshing ??= refresh(tokens).finally(() => {
        refreshing = null
      })
      // Other calls may wait for the same refresh, so an aborted one does not end it.
      return unlessAborted(refreshing, signal)
    },
    reject: token => {
      if (store === null) return false
      rejected = token
      return true
    },
    close: async () => {
      closing.abort()
      await refreshing?.catch(() => undefined)
      store?.close()
    },
  }
}

export function tokenFileIn(dataDir: string): string {
  return path.join(dataDir, 'open1688-tokens.db')
}

/** @throws AppError `store_unavailable`. */
export function openAuthorisation({ file, appKey, accessToken, refreshToken, clock }: TokenSettings): TokenStore {
  const configured = refreshToken === null ? null : { accessToken, refreshToken, expiresAt: null }
  return openTokenStore({ file, origin: originOf([appKey, accessToken, refreshToken]), configured, clock })
}

/** New settings are a new authorisation: tokens stored for the old ones are not used. */
function originOf(settings: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex')
}

function tokenMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'The 1688 Open Platform application is not authorised yet.',
    hint: 'Run mcp-1688 authorize open1688. Its --help covers applications that need no authorisation.',
  })
}
