/** The access token for calls. One process refreshes it for all, before it expires or after it was rejected. */
import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'
import type { Clock } from '../../time/clock.ts'
import { unlessAborted } from '../../time/unless-aborted.ts'
import { openTokenStore, type TokenStore, type Tokens } from './token-store.ts'

/** Calls in flight must still find the token valid. */
const REFRESH_AHEAD_MS = 300_000

export interface TokensOptions {
  /** For refreshed tokens; opened only if there is a refresh token. */
  file: string
  appKey: string
  accessToken: string | null
  refreshToken: string | null
  requestTokens: (refreshToken: string, signal: AbortSignal) => Promise<Tokens>
  clock: Clock
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
  const { file, appKey, accessToken, refreshToken, requestTokens, clock } = options
  const closing = new AbortController()
  let store: TokenStore | null = null
  let rejected: string | null = null
  let refreshing: Promise<string> | null = null

  const open = (configured: Tokens): TokenStore => {
    store ??= openTokenStore({ file, origin: originOf([appKey, accessToken, refreshToken]), configured, clock })
    return store
  }
  const validTokenOf = (tokens: Tokens): string | null => {
    const ends = tokens.expiresAt ?? Number.POSITIVE_INFINITY
    return tokens.accessToken !== rejected && clock.now() < ends - REFRESH_AHEAD_MS ? tokens.accessToken : null
  }
  const refresh = async (tokens: TokenStore): Promise<string> => {
    // Another process may have refreshed while this one waited for its turn.
    const renewed = await tokens.update(async current =>
      validTokenOf(current) === null ? requestTokens(current.refreshToken, closing.signal) : current,
    )
    return renewed.accessToken ?? ''
  }

  return {
    fetchToken: async signal => {
      if (refreshToken === null) {
        if (accessToken === null) throw tokenMissing()
        return accessToken
      }
      const tokens = open({ accessToken, refreshToken, expiresAt: null })
      const valid = validTokenOf(tokens.read())
      if (valid !== null) return valid
      refreshing ??= refresh(tokens).finally(() => {
        refreshing = null
      })
      // Other calls may wait for the same refresh, so an aborted one does not end it.
      return unlessAborted(refreshing, signal)
    },
    reject: token => {
      if (refreshToken === null) return false
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

/** New settings are a new authorisation: tokens stored for the old ones are not used. */
function originOf(settings: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex')
}

function tokenMissing(): AppError {
  return new AppError({
    code: 'key_missing',
    message: 'No access token for the 1688 Open Platform is configured.',
    hint: 'Authorise the application on open.1688.com and set MCP1688_OPEN1688_REFRESH_TOKEN.',
  })
}
